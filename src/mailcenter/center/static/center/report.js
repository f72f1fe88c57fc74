/* Does the work that keeps robots from the form: searches a number whose SHA-256 with the challenge begins with zeros. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-zero-bits]");
  if (!form || !window.crypto || !window.crypto.subtle) {
    document.documentElement.classList.add("by-head");
    return;
  }
  var bits = Number(form.dataset.zeroBits);
  var challenge = form.elements.challenge.value;
  var proof = form.elements.proof;
  var encoder = new TextEncoder();
  var BATCH = 256;
  var EARLIEST = Date.now() + 3500;

  function solves(digest) {
    var bytes = new Uint8Array(digest);
    var whole = bits >> 3;
    for (var i = 0; i < whole; i += 1) {
      if (bytes[i] !== 0) { return false; }
    }
    return bytes[whole] >> (8 - (bits & 7)) === 0;
  }

  async function search() {
    for (var from = 0; ; from += BATCH) {
      var work = [];
      for (var i = 0; i < BATCH; i += 1) {
        work.push(crypto.subtle.digest("SHA-256", encoder.encode(challenge + ":" + (from + i))));
      }
      var found = (await Promise.all(work)).findIndex(solves);
      if (found >= 0) { return String(from + found); }
    }
  }

  var solved = search().then(function (number) { proof.value = number; });

  form.addEventListener("submit", function (event) {
    if (proof.value && Date.now() >= EARLIEST) { return; }
    event.preventDefault();
    var button = form.querySelector("button");
    button.disabled = true;
    document.getElementById("announce").textContent = form.dataset.working;
    solved.then(function () {
      window.setTimeout(function () { form.submit(); }, Math.max(0, EARLIEST - Date.now()));
    });
  });
})();
