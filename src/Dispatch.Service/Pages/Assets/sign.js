// Signing in: a token for those who look from another machine.
import { byId } from "/page/dom.js";

export class SignIn {
  #feed; #dialog = byId("sign-in"); #fault = byId("sign-fault"); #token = byId("token"); #button = byId("sign");

  constructor(feed) {
    this.#feed = feed;
    this.#button.addEventListener("click", () => (this.#feed.isSignedIn ? this.#feed.signOut() : this.open()));
    byId("sign-cancel").addEventListener("click", () => this.#dialog.close());
    byId("sign-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try();
    });
  }

  /** Shows as whom the service sees this page. */
  show({ name, all, here }) {
    this.#button.textContent = name && this.#feed.isSignedIn ? `Sign out ${name}` : "Sign in";
    // On this machine everything is open: there is nothing to sign in for.
    this.#button.hidden = all && !this.#feed.isSignedIn;
    this.#button.title = all ? (here ? "Everything is shown on this machine" : `${name} sees costs and explanations`) : "Costs, prices and explanations are withheld";
  }

  open() {
    this.#fault.textContent = "";
    this.#token.value = "";
    this.#dialog.showModal();
    this.#token.focus();
  }

  /** The service no longer takes the token. */
  refused(why) {
    this.open();
    this.#fault.textContent = why;
  }

  async #try() {
    try {
      await this.#feed.signIn(this.#token.value.trim());
      this.#dialog.close();
    } catch (fault) {
      this.#fault.textContent = fault.status ? fault.message : "The service cannot be reached.";
    }
    this.#token.value = "";
  }
}
