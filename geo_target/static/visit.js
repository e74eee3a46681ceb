/* One visit: where somebody stands, by one tap; the fields beside it can be typed as well. */
(function () {
  "use strict";
  const button = document.getElementById("locate");
  const told = document.getElementById("located");
  if (!button || !navigator.geolocation) { return; }
  button.hidden = false;

  button.addEventListener("click", function () {
    button.disabled = true;
    told.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(take, refuse, {
      enableHighAccuracy: true, timeout: 30000, maximumAge: 0,
    });
  });

  function take(position) {
    const found = position.coords;
    fill("lat", found.latitude.toFixed(6));
    fill("lon", found.longitude.toFixed(6));
    fill("accuracy_m", String(Math.max(1, Math.round(found.accuracy))));
    button.disabled = false;
    told.textContent = button.dataset.found.replace("{m}", String(Math.round(found.accuracy)));
  }

  function refuse(fault) {
    button.disabled = false;
    told.textContent = fault.code === fault.PERMISSION_DENIED ? button.dataset.denied : button.dataset.failed;
  }

  function fill(name, value) {
    const field = document.getElementById(name);
    field.value = value;
  }
})();
