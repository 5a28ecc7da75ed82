// A region that is pointed at is drawn big; one that is clicked stays.
for (const section of document.querySelectorAll("section.ranking")) {
  const show = (region) => {
    for (const figure of section.querySelectorAll("figure.big")) {
      figure.hidden = figure.dataset.region !== region;
    }
    for (const mark of section.querySelectorAll(".pick, circle[data-region]")) {
      mark.classList.toggle("chosen", mark.dataset.region === region);
    }
  };
  let kept = "0";
  for (const mark of section.querySelectorAll(".pick, circle[data-region]")) {
    const region = mark.dataset.region;
    const keep = () => { kept = region; show(region); };
    mark.addEventListener("mouseenter", () => show(region));
    mark.addEventListener("mouseleave", () => show(kept));
    mark.addEventListener("click", keep);
    mark.addEventListener("focus", keep);
  }
  show(kept);
}
