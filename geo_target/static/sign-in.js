/* Waits in line for whoever signs in while many do, in place of an error page. */
(function () {
  "use strict";
  const LONGEST_MS = 5 * 60 * 1000;
  const form = document.getElementById("sign-in");
  const waiting = document.getElementById("waiting");
  const fault = document.getElementById("fault");
  const button = form.querySelector("button[type=submit]");
  let began = 0;

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    began = Date.now();
    send();
  });

  function send() {
    button.disabled = true;
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
      .then(function (reply) {
        if (reply.status === 503 && Date.now() - began < LONGEST_MS) {
          wait(Number(reply.headers.get("Retry-After")) || 1);
        } else if (reply.type === "opaqueredirect") {
          // Where a redirect leads is kept from us: the page of the form leads on whoever is in.
          location.assign(form.getAttribute("action") + "?next=" + encodeURIComponent(form.elements.next.value));
        } else {
          return reply.text().then(refuse);
        }
      })
      .catch(function () { location.reload(); });
  }

  /* Says what the page that came back says; sending the form again would be one more try. */
  function refuse(text) {
    const told = new DOMParser().parseFromString(text, "text/html").getElementById("fault");
    if (!told) { location.reload(); return; }
    waiting.hidden = true;
    button.disabled = false;
    fault.textContent = told.textContent;
    fault.hidden = false;
    form.elements.password.value = "";
    form.elements.password.focus();
  }

  /* Not all in the same instant: those who were told the same second spread over it. */
  function wait(seconds) {
    waiting.hidden = false;
    setTimeout(send, (seconds + Math.random()) * 1000);
  }
})();
