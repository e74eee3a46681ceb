/* A slider beside each weight; both say the same, and only the number is sent. */
(function () {
  "use strict";
  document.querySelectorAll(".weights input[type=range]").forEach(function (slider) {
    const number = document.getElementById(slider.dataset.for);
    slider.hidden = false;
    slider.addEventListener("input", function () { number.value = slider.value; });
    number.addEventListener("input", function () { slider.value = number.value || 0; });
  });
}());
