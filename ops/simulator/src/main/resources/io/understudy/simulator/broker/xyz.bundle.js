/*
 * The login page of the simulator. Plain ES5, so that old engines run it too. All blocks stand in
 * the document all the time; only their visibility changes, and each block has its own copy of the
 * error element.
 */
(function () {
  'use strict';

  var variants = document.querySelector('meta[name="xyz-variants"]').getAttribute('content').split(' ');
  var wrapper = document.querySelector('.loginformWrapper');
  var openedAt = new Date().getTime();
  var tooEarlyMillis = 5000;
  var pollMillis = 500;
  var rerenderMillis = 150;
  var loginId = '';
  var block = 'username';

  function has(variant) {
    return variants.indexOf(variant) >= 0;
  }

  var names = { username: 'username', usernameId: 'xyz-field-username', prefix: 'xyz' };
  if (has('v1-names')) {
    names.username = 'user_name';
    names.usernameId = 'user_name';
  }
  if (has('stale-selectors')) {
    names = { username: 'login', usernameId: 'new-login', prefix: 'new' };
  }
  var stale = has('stale-selectors');

  function errorCopy() {
    return '<div class="' + names.prefix + '-errormessage xyz-hidden"></div>';
  }

  function codeForm(metal, placeholder) {
    return '<form class="xyzform-' + metal + '">' +
      '<input id="xyz-field-' + metal + '-response" name="' + metal + '-response" class="xyz-' + metal +
      '-response" type="text" inputmode="numeric" autocomplete="one-time-code" placeholder="' + placeholder + '">' +
      '<button type="submit" class="btn btn-lg">Login</button>' + errorCopy() + '</form>';
  }

  function usernameBlock() {
    var p = names.prefix;
    var twoStep = has('two-step-form');
    return '<form class="' + p + 'form-username">' +
      '<label for="' + names.usernameId + '">Username</label>' +
      '<input type="text" id="' + names.usernameId + '" name="' + names.username + '">' +
      (twoStep ? '<div class="xyzblock-username-submit"><button type="button">Continue</button></div>' : '') +
      '<div class="' + p + 'part-password' + (twoStep ? ' xyz-hidden' : '') + '">' +
      '<label for="' + (stale ? 'new-secret' : 'xyz-field-password') + '">Password</label>' +
      '<input type="password" id="' + (stale ? 'new-secret' : 'xyz-field-password') + '" name="' +
      (stale ? 'secret' : 'password') + '">' +
      '<div class="' + p + '-toggle"><span>Live</span> ' +
      '<input type="checkbox" id="toggle1" name="paperSwitch"><label for="toggle1">Paper</label></div>' +
      '<button type="' + (stale ? 'button' : 'submit') + '" class="' +
      (stale ? 'new-go' : 'btn btn-lg xyz-button-login') + '">Login</button></div>' + errorCopy() + '</form>';
  }

  function chooserBlock() {
    return '<h2>Select Second Factor Device</h2><form class="xyzform-multiplesf">' +
      '<select class="xyz-multipleselect" name="sf_select"><option value="">Select Type</option>' +
      '<option value="5.2a">IB Key</option><option value="4">Mobile Authenticator App</option></select>' +
      errorCopy() + '</form>';
  }

  function notificationBlock() {
    return '<p>We sent you a notification. Please open the IBKR notification on your phone.</p>' +
      '<button type="button" class="xyz-resend-sms-button">Resend notification</button>' + errorCopy();
  }

  function render() {
    var blocks = {
      username: usernameBlock(),
      multiplesf: chooserBlock(),
      silver: codeForm('silver', 'Mobile Authenticator App Code'),
      gold: codeForm('gold', 'IB Key response'),
      bronze: '<p>Security card: enter the values of the card.</p>' + codeForm('bronze', 'Security Code'),
      temp: codeForm('temp', 'Temporary Code'),
      notification: notificationBlock(),
      otpselector: '<button type="button" class="xyz-otp-select-text">Send a text message</button>',
      fido: '<p>Use your passkey to continue.</p>',
      qrcode: '<p>Scan the QR code with your phone.</p>',
      error: '<div class="' + names.prefix + '-errormessage" role="alert"></div>',
      finished: '<p>Login finished.</p>'
    };
    var html = '';
    for (var name in blocks) {
      if (Object.prototype.hasOwnProperty.call(blocks, name)) {
        html += '<div class="' + names.prefix + 'block-' + name + '" style="display: none">' + blocks[name] + '</div>';
      }
    }
    wrapper.innerHTML = html;
  }

  function part(name) {
    return wrapper.querySelector('.' + names.prefix + 'block-' + name);
  }

  function setVisible(name, visible) {
    part(name).style.display = visible ? 'block' : 'none';
  }

  function show(name) {
    setVisible(block, false);
    setVisible(name, true);
    block = name;
  }

  function showError(text) {
    part('error').querySelector('.' + names.prefix + '-errormessage').textContent = text;
    setVisible('error', true);
  }

  function hideError() {
    setVisible('error', false);
  }

  function encode(fields) {
    var pairs = [];
    for (var name in fields) {
      if (Object.prototype.hasOwnProperty.call(fields, name)) {
        pairs.push(encodeURIComponent(name) + '=' + encodeURIComponent(fields[name]));
      }
    }
    return pairs.join('&');
  }

  function post(fields, then) {
    var request = new XMLHttpRequest();
    request.open('POST', '/sso/Authenticator', true);
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.onreadystatechange = function () {
      if (request.readyState !== 4) {
        return;
      }
      if (request.status === 200) {
        then(JSON.parse(request.responseText));
      } else {
        showError('The login service is not available (' + request.status + ')');
      }
    };
    request.send(encode(fields));
  }

  function finish() {
    show('finished');
    var form = document.createElement('form');
    form.method = 'POST';
    form.action = '/sso/Dispatcher';
    form.style.display = 'none';
    var field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'loginId';
    field.value = loginId;
    form.appendChild(field);
    document.body.appendChild(form);
    window.setTimeout(function () {
      form.submit();
    }, 20);
  }

  function poll() {
    post({ ACTION: 'POLL', loginId: loginId }, function (answer) {
      if (answer.state === 'push') {
        window.setTimeout(poll, pollMillis);
      } else {
        handle(answer);
      }
    });
  }

  function showCodeField() {
    part('silver').innerHTML = codeForm('silver', 'Mobile Authenticator App Code');
    bindCode();
    show('silver');
  }

  function handle(answer) {
    if (answer.loginId) {
      loginId = answer.loginId;
    }
    switch (answer.state) {
      case 'finished':
        finish();
        break;
      case 'code':
        if (block === 'multiplesf') {
          window.setTimeout(showCodeField, rerenderMillis);
        } else {
          show('silver');
        }
        break;
      case 'choose':
        show('multiplesf');
        break;
      case 'push':
        show('notification');
        window.setTimeout(poll, pollMillis);
        break;
      case 'unautomatable':
        show(answer.block);
        break;
      default:
        showError(answer.text);
        if (block === 'notification') {
          show('username');
        }
    }
  }

  function field(id) {
    return document.getElementById(id);
  }

  function submitCredentials() {
    hideError();
    if (has('submit-too-early') && new Date().getTime() - openedAt < tooEarlyMillis) {
      showError('Invalid username password combination');
      return;
    }
    post({
      ACTION: 'LOGIN',
      user: field(names.usernameId).value,
      password: field(stale ? 'new-secret' : 'xyz-field-password').value,
      paper: field('toggle1').checked ? 'true' : 'false'
    }, handle);
  }

  function bindCode() {
    part('silver').querySelector('form').onsubmit = function () {
      hideError();
      post({ ACTION: 'CODE', loginId: loginId, code: field('xyz-field-silver-response').value }, handle);
      return false;
    };
  }

  function bindMode() {
    field('toggle1').onchange = function () {
      var paper = field('toggle1').checked;
      document.body.className = 'login ' + (paper ? 'paper-trading' : 'live-trading');
      part('username').querySelector('.xyz-button-login, .new-go').textContent = paper ? 'Simulated Login' : 'Login';
    };
  }

  function bind() {
    part('username').querySelector('form').onsubmit = function () {
      submitCredentials();
      return false;
    };
    if (stale) {
      part('username').querySelector('.new-go').onclick = submitCredentials;
    }
    if (has('two-step-form')) {
      part('username').querySelector('.xyzblock-username-submit button').onclick = function () {
        part('username').querySelector('.xyzpart-password').className = 'xyzpart-password';
      };
    }
    part('multiplesf').querySelector('select').onchange = function () {
      var value = part('multiplesf').querySelector('select').value;
      if (value) {
        hideError();
        post({ ACTION: 'DEVICE', loginId: loginId, device: value }, handle);
      }
    };
    part('notification').querySelector('button').onclick = function () {
      post({ ACTION: 'RESEND', loginId: loginId }, function () {});
    };
    bindMode();
    bindCode();
  }

  function cookieBanner() {
    var backdrop = document.createElement('div');
    backdrop.className = 'modal-backdrop';
    var banner = document.createElement('div');
    banner.id = 'cookie-modal';
    banner.innerHTML = '<p>We use cookies.</p><button type="button" id="btn_accept_cookies">Accept</button>' +
      '<button type="button" id="gdpr-reject-all">Reject all</button>';
    function remove() {
      document.body.removeChild(backdrop);
      document.body.removeChild(banner);
    }
    document.body.appendChild(backdrop);
    document.body.appendChild(banner);
    field('btn_accept_cookies').onclick = remove;
    field('gdpr-reject-all').onclick = remove;
  }

  render();
  bind();
  setVisible('username', true);
  if (has('cookie-banner')) {
    window.setTimeout(cookieBanner, 300);
  }
}());
