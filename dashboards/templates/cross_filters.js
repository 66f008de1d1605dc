// A click becomes a filter only where the dashboard's style says so: compile_cross_filters.py writes
// --ganxun-click, docs/dashboards.md explains why. Dashboards that do not set it are left alone.
(() => {
  // Legends stand in the top strip of a drawing: hiding a series there stays possible.
  const LEGEND = 36;
  const meaning = (element) => getComputedStyle(element).getPropertyValue("--ganxun-click").trim();
  const saysNothing = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const cell = target?.closest("td.dt-is-filter");
    if (cell) return meaning(cell) === "nothing";
    if (target?.tagName !== "CANVAS" || meaning(target) !== "nothing") return false;
    const touch = event.changedTouches?.[0] ?? event;
    return touch.clientY - target.getBoundingClientRect().top > LEGEND;
  };
  const stop = (event) => {
    if (saysNothing(event)) event.stopPropagation();
  };
  document.addEventListener("click", stop, true);
  // A drawing takes the end of a touch for a click.
  document.addEventListener("touchend", stop, true);
  // The menu of the right button offers the same filter: the style hides it.
  document.addEventListener("contextmenu", (event) => {
    if (event.target instanceof Element && document.body) {
      document.body.dataset.ganxunClick = meaning(event.target);
    }
  }, true);
})();
