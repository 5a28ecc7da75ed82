// Rust names of many shapes.
use std::collections::HashMap;
use std::fmt::{Debug, Display};

pub trait Turn<T> {
    fn turn(&self, t: T) -> T;
}
pub struct Größe<'a, const N: usize, T>(pub &'a [T; N]);

impl<'a, const N: usize, T: Copy> Turn<T> for Größe<'a, N, T> {
    #[inline(never)]
    fn turn(&self, _t: T) -> T {
        self.0[N - 1]
    }
}
impl<const N: usize> Größe<'_, N, char> {
    #[inline(never)]
    pub fn only<const B: bool, const C: char>(self) -> usize {
        if B { N } else { C as usize }
    }
}
#[inline(never)]
fn apply<F: Fn(&mut [u8], *const i32, (u8,)) -> Result<(), Box<dyn Display + Send>>>(f: F) {
    let _ = f(&mut [1], std::ptr::null(), (1,));
}
#[inline(never)]
fn table<K: Debug, V>(m: &HashMap<K, V>, g: for<'x> fn(&'x K) -> &'x K, h: unsafe extern "C" fn(i64) -> !) -> usize {
    let _ = h;
    m.keys().map(g).count()
}
unsafe extern "C" fn never(_: i64) -> ! {
    loop {}
}
#[inline(never)]
fn dynamic(d: &dyn Iterator<Item = [u16; 3]>) -> (usize, Option<usize>) {
    d.size_hint()
}
fn main() {
    let a = ['a', 'b', 'c'];
    println!("{}", Größe(&a).turn('x'));
    println!("{}", Größe(&a).only::<true, '\''>());
    apply(|b, _p, t| {
        b[0] += t.0;
        Ok(())
    });
    let mut m = HashMap::new();
    m.insert("k", 1);
    println!("{}", table(&m, |k| k, never));
    println!("{:?}", dynamic(&vec![[1u16; 3]].into_iter()));
    let nested = || {
        let inner = |x: i8| x + 1;
        // not std::hint::black_box, which rustc before 1.66 does not have
        let x: i8 = -3;
        inner(unsafe { std::ptr::read_volatile(&x) })
    };
    println!("{}", nested());
}
