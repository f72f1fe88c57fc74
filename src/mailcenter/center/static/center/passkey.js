/* The browser's half of a passkey: makes or uses it by the options in the page, puts the answer into the form, sends it. */
(function () {
  "use strict";
  var button = document.querySelector("[data-passkey]");
  var options = document.getElementById("passkey-options");
  if (!button || !options) {
    return;
  }
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    return;
  }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (entry) { return Object.assign({}, entry, { id: bytes(entry.id) }); });
  }

  function wanted() {
    var given = JSON.parse(options.textContent);
    given.challenge = bytes(given.challenge);
    if (given.user) {
      given.user.id = bytes(given.user.id);
      given.excludeCredentials = known(given.excludeCredentials);
    } else {
      given.allowCredentials = known(given.allowCredentials);
    }
    return { publicKey: given };
  }

  function plain(credential) {
    var answer = credential.response;
    var said = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) {
      said.attestationObject = text(answer.attestationObject);
    } else {
      said.authenticatorData = text(answer.authenticatorData);
      said.signature = text(answer.signature);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said, clientExtensionResults: {} };
  }

  function ask(event) {
    event.preventDefault();
    var failed = document.getElementById("passkey-failed");
    failed.hidden = true;
    button.disabled = true;
    navigator.credentials[button.dataset.passkey](wanted()).then(function (credential) {
      var form = button.form || document.getElementById(button.dataset.form);
      form.elements.passkey.value = JSON.stringify(plain(credential));
      form.submit();
    }).catch(function () {
      failed.textContent = button.dataset.failed;
      failed.hidden = false;
      button.disabled = false;
    });
  }

  button.addEventListener("click", ask);
})();
