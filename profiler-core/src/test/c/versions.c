// One function by its name of today and by one that is kept for old programs (versions.map).
volatile int sink;

void release_now(void) { sink++; }
void release_then(void) __attribute__((alias("release_now")));

__asm__(".symver release_now, release@@V2, remove");
__asm__(".symver release_then, longer_release@V1, remove");
