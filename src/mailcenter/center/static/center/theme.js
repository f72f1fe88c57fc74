/* Light or dark as the system says, before anything is painted. Without JavaScript the screens are light. */
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  }
  document.documentElement.classList.add("js");
  dark.addEventListener("change", apply);
  apply();
})();
