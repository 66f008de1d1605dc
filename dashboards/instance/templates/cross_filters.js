// A click becomes a filter only where the dashboard's style says so: compile_cross_filters.py writes
// --ganxun-click, docs/dashboards.md explains why. Dashboards that do not set it are left alone.
(() => {
  // Legends stand in the top strip of a drawing: hiding a series there stays possible.
  const LEGEND = 36;
  // ECharts' own limit is 300.
  const SHORT_TOUCH_MS = 350;
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
  // A drawing takes the end of a short touch for a click, but must hear of it: else it waits for it for ever,
  // and what the tap told never goes away. So it hears of it when the touch is no longer short.
  document.addEventListener("touchend", (event) => {
    if (!event.isTrusted || !saysNothing(event)) return;
    event.stopPropagation();
    if (event.target.tagName !== "CANVAS") return;
    const late = new TouchEvent("touchend", { bubbles: true, changedTouches: [...event.changedTouches] });
    setTimeout(() => event.target.dispatchEvent(late), SHORT_TOUCH_MS);
  }, true);
  // The menu of the right button offers the same filter: the style hides it.
  document.addEventListener("contextmenu", (event) => {
    if (event.target instanceof Element && document.body) {
      document.body.dataset.ganxunClick = meaning(event.target);
    }
  }, true);
})();
