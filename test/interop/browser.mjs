// A browser for identity providers that only know people: cookies per host, redirects, forms.
export class Browser {
  cookies = new Map();

  async visit(url, init = {}) {
    for (let hops = 0; hops < 20; hops++) {
      const answer = await this.step(url, init);
      if (answer.location === undefined) return answer;
      url = answer.location;
      init = {};
    }
    throw new Error(`too many redirects at ${url}`);
  }

  /** One request; answers where it points to instead of going there. */
  async step(url, init = {}) {
    const { host } = new URL(url);
    const cookie = [...(this.cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { ...init.headers, ...(cookie && { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) this.keep(host, line);
    const to = answer.headers.get("location");
    const text = await answer.text();
    return { url, status: answer.status, text, location: to === null ? undefined : new URL(to, url).href };
  }

  keep(host, line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    const jar = this.cookies.get(host) ?? new Map();
    if (/max-age=0|expires=Thu, 01[- ]Jan[- ]1970/i.test(line)) jar.delete(name);
    else jar.set(name, value);
    this.cookies.set(host, jar);
  }

  /** Submits the only form of a page with some fields filled in. */
  async submit(page, filled = {}, headers = {}) {
    const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.text)?.[0] ?? "";
    const action = unescape(/action="([^"]*)"/i.exec(form)?.[1] ?? "") || page.url;
    const fields = {};
    for (const [input] of form.matchAll(/<input[^>]*>/gi)) {
      const name = /name="([^"]*)"/i.exec(input)?.[1];
      if (name) fields[name] = unescape(/value="([^"]*)"/i.exec(input)?.[1] ?? "");
    }
    const body = new URLSearchParams({ ...fields, ...filled });
    const target = new URL(action, page.url).href;
    if (/<form[^>]*method="get"/i.test(form)) return this.visit(`${target}?${body.toString()}`);
    return this.visit(target, { method: "POST", body, headers });
  }
}

const unescape = (text) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
