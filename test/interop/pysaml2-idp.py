# An identity provider of pysaml2 (Python, xmlsec1): a page that answers every request for whoever the cookie names.
# Driven by pysaml2.sh: entity id, port, key, certificate, our metadata.
import sys
from http.cookies import SimpleCookie
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import AUTHN_PASSWORD_PROTECTED, NAMEID_FORMAT_PERSISTENT, NAME_FORMAT_URI, NameID
from saml2.server import Server

entity_id, port, key, certificate, sp_metadata = sys.argv[1:6]
base = f"http://127.0.0.1:{port}"
settings = {
    "entityid": entity_id,
    "xmlsec_binary": "/usr/bin/xmlsec1",
    "key_file": key,
    "cert_file": certificate,
    "encryption_keypairs": [],
    "service": {
        "idp": {
            "endpoints": {"single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT)]},
            "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}},
        }
    },
}


def config(**more):
    loaded = IdPConfig()
    loaded.load({**settings, **more})
    return loaded


def login(environ):
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    user = cookie["user"].value if "user" in cookie else "alice"
    mode = cookie["mode"].value if "mode" in cookie else "both"
    # Read for every request, as our keys may have changed.
    server = Server(config=config(metadata={"local": [sp_metadata]}))
    request = server.parse_authn_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT)
    arguments = server.response_args(request.message)
    arguments.pop("name_id_policy", None)
    host = "elsewhere.test" if user == "mallory" else "acme.test"
    response = server.create_authn_response(
        {"mail": [f"{user}@{host}"], "givenName": [user.title()], "sn": ["Tester"]},
        userid=user,
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"pysaml2-{user}", sp_name_qualifier=arguments["sp_entity_id"]),
        sign_response=mode != "assertion",
        sign_assertion=mode != "response",
        encrypt_assertion=mode == "encrypted",
        sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_alg="http://www.w3.org/2001/04/xmlenc#sha256",
        authn={"class_ref": AUTHN_PASSWORD_PROTECTED, "authn_auth": base},
        **arguments,
    )
    page = server.apply_binding(
        BINDING_HTTP_POST, str(response), arguments["destination"], query.get("RelayState", ""), response=True
    )
    return page["data"]


def application(environ, start_response):
    if environ["PATH_INFO"] == "/metadata":
        body, kind = create_metadata_string(None, config=config()), "application/samlmetadata+xml"
    else:
        body, kind = login(environ), "text/html; charset=utf-8"
    data = body if isinstance(body, bytes) else str(body).encode()
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(data)))])
    return [data]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


make_server("127.0.0.1", int(port), application, handler_class=Quiet).serve_forever()
