/* The person's choice of letter size: applied before the page is painted, remembered in localStorage where that is allowed
   and in a cookie, so that the server can write it into the page. A plain script, not a module: it must not wait. */
(function () {
  var KEY = "co_chu";
  var root = document.documentElement;

  function remembered() {
    var cookie = document.cookie.match(/(?:^|; )co_chu=([123])/);
    try {
      return window.localStorage.getItem(KEY) || (cookie && cookie[1]);
    } catch (refused) {
      return cookie && cookie[1];
    }
  }

  function remember(size) {
    try {
      window.localStorage.setItem(KEY, size);
    } catch (refused) {
      // An in-app browser without storage: the cookie below still carries it.
    }
    var secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = KEY + "=" + size + "; path=/; max-age=31536000; samesite=lax" + secure;
  }

  function show(size) {
    root.setAttribute("data-size", size);
    var buttons = document.querySelectorAll("[data-font-sizes] button");
    for (var i = 0; i < buttons.length; i += 1) {
      buttons[i].setAttribute("aria-pressed", String(buttons[i].getAttribute("data-size") === size));
    }
  }

  var size = remembered();
  if (!/^[123]$/.test(size || "")) { size = root.getAttribute("data-size") || "1"; }
  show(size);

  document.addEventListener("DOMContentLoaded", function () {
    var groups = document.querySelectorAll("[data-font-sizes]");
    for (var i = 0; i < groups.length; i += 1) { groups[i].hidden = false; }
    show(root.getAttribute("data-size"));
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-font-sizes] button");
    if (!button) { return; }
    var chosen = button.getAttribute("data-size");
    show(chosen);
    remember(chosen);
  });
})();
