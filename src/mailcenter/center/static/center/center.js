/* Times in the reader's own zone, copy buttons, and reading out what htmx has replaced. All screens work without it. */
(function () {
  "use strict";
  var language = document.documentElement.lang === "de" ? "de-DE" : "en-GB";
  var dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  var clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  var full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" });
  var relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  var UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

  function ago(moment) {
    var seconds = (moment - Date.now()) / 1000;
    for (var i = 0; i < UNITS.length; i += 1) {
      if (Math.abs(seconds) >= UNITS[i][1]) {
        return relative.format(Math.round(seconds / UNITS[i][1]), UNITS[i][0]);
      }
    }
    return relative.format(0, "second");
  }

  function showTimes(root) {
    root.querySelectorAll("time[data-when]").forEach(function (element) {
      var moment = new Date(element.dateTime);
      element.title = full.format(moment);
      if (element.dataset.when === "relative") {
        element.textContent = ago(moment);
      } else if (element.dataset.when === "time") {
        element.textContent = clock.format(moment);
      } else {
        var note = document.createElement("span");
        note.className = "when-ago";
        note.textContent = ago(moment);
        element.replaceChildren(dateTime.format(moment) + " ", note);
      }
    });
  }

  function copy(event) {
    var button = event.target.closest("[data-copy]");
    if (!button) {
      return;
    }
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.classList.add("copied");
      document.getElementById("announce").textContent = button.dataset.copied;
      window.setTimeout(function () { button.classList.remove("copied"); }, 2000);
    });
  }

  document.addEventListener("click", copy);
  document.addEventListener("htmx:afterSettle", function (event) { showTimes(event.detail.elt); });
  showTimes(document);
})();
