import type { ConnectionDetails, MappingProfileName } from "../domain/identity";
import type { PageLocale } from "../platform/page";

type Value = "entityId" | "acsUrl" | "acsPattern" | "sloUrl" | "loginUrl" | "metadataUrl" | "spCertificate";

/** What an administrator finds at one identity provider: its own labels, in its own words, and what belongs there. */
export interface SetupGuide {
  readonly name: string;
  readonly fields: readonly (readonly [label: string, value: Value])[];
  readonly steps: Readonly<Record<PageLocale, readonly string[]>>;
}

/** One guide per vendor; the longer ones stand in docs/guides/saml. */
export const setupGuides: Readonly<Record<MappingProfileName, SetupGuide>> = {
  okta: {
    name: "Okta",
    fields: [
      ["Single sign-on URL", "acsUrl"],
      ["Audience URI (SP Entity ID)", "entityId"],
      ["Single Logout URL", "sloUrl"],
      ["SP Issuer", "entityId"],
      ["Signature Certificate", "spCertificate"],
    ],
    steps: {
      en: [
        "Applications › Create App Integration › SAML 2.0.",
        "Attribute statements: email = user.email, firstName = user.firstName, lastName = user.lastName. Group attribute statement: groups, with a filter.",
        "Assign people or groups, then take the metadata URL from the Sign On tab and import it here.",
      ],
      fr: [
        "Applications › Create App Integration › SAML 2.0.",
        "Attribute statements : email = user.email, firstName = user.firstName, lastName = user.lastName. Group attribute statement : groups, avec un filtre.",
        "Affectez des personnes ou des groupes, puis importez ici l'adresse des métadonnées de l'onglet Sign On.",
      ],
    },
  },
  entra: {
    name: "Microsoft Entra ID",
    fields: [
      ["Identifier (Entity ID)", "entityId"],
      ["Reply URL (Assertion Consumer Service URL)", "acsUrl"],
      ["Sign on URL (Optional)", "loginUrl"],
      ["Logout Url (Optional)", "sloUrl"],
    ],
    steps: {
      en: [
        "Enterprise applications › New application › Create your own application › Non-gallery, then Single sign-on › SAML.",
        "Choose the profile “entra” here: people are then known by their object id, which survives a change of name.",
        "Groups: add a group claim limited to groups assigned to the application, or Entra leaves the list out beyond 150.",
        "Import the App Federation Metadata Url here, and assign the people.",
      ],
      fr: [
        "Applications d'entreprise › Nouvelle application › Créer votre propre application › hors galerie, puis Authentification unique › SAML.",
        "Choisissez ici le profil « entra » : les personnes sont alors reconnues par leur identifiant d'objet, qui survit à un changement de nom.",
        "Groupes : ajoutez une revendication limitée aux groupes affectés à l'application, sinon Entra omet la liste au-delà de 150.",
        "Importez ici l'URL des métadonnées de fédération d'application, et affectez les personnes.",
      ],
    },
  },
  google: {
    name: "Google Workspace",
    fields: [
      ["ACS URL", "acsUrl"],
      ["Entity ID", "entityId"],
    ],
    steps: {
      en: [
        "Apps › Web and mobile apps › Add app › Add custom SAML app. Download the metadata and import the file here: Google publishes no address for it.",
        "Leave Start URL empty. Name ID: Basic information › Primary email.",
        "Attributes: Primary email → email, First name → firstName, Last name → lastName.",
        "Switch the app ON for the organizational units that may sign in. Google offers no single logout.",
      ],
      fr: [
        "Applications › Applications Web et mobiles › Ajouter une application SAML personnalisée. Téléchargez les métadonnées et importez le fichier ici : Google n'en publie pas l'adresse.",
        "Laissez l'URL de démarrage vide. Name ID : Basic information › Primary email.",
        "Attributs : Primary email → email, First name → firstName, Last name → lastName.",
        "Activez l'application pour les unités organisationnelles concernées. Google n'a pas de déconnexion unique.",
      ],
    },
  },
  onelogin: {
    name: "OneLogin",
    fields: [
      ["Audience (EntityID)", "entityId"],
      ["Recipient", "acsUrl"],
      ["ACS (Consumer) URL Validator", "acsPattern"],
      ["ACS (Consumer) URL", "acsUrl"],
      ["Single Logout URL", "sloUrl"],
      ["Login URL", "loginUrl"],
    ],
    steps: {
      en: [
        "Applications › Add App › SAML Custom Connector (Advanced).",
        "SAML signature element: Assertion or Both. SSO tab: SAML signature algorithm SHA-256.",
        "Parameters: User.email, User.FirstName, User.LastName and memberOf, each with “Include in SAML assertion”.",
        "Import the Issuer URL of the SSO tab here as metadata address.",
      ],
      fr: [
        "Applications › Add App › SAML Custom Connector (Advanced).",
        "SAML signature element : Assertion ou Both. Onglet SSO : SAML signature algorithm SHA-256.",
        "Parameters : User.email, User.FirstName, User.LastName et memberOf, chacun avec « Include in SAML assertion ».",
        "Importez ici l'Issuer URL de l'onglet SSO comme adresse des métadonnées.",
      ],
    },
  },
  ping: {
    name: "PingOne",
    fields: [
      ["ACS URLs", "acsUrl"],
      ["Entity ID", "entityId"],
      ["SLO Endpoint", "sloUrl"],
      ["SLO Response Endpoint", "sloUrl"],
    ],
    steps: {
      en: [
        "Applications › Add Application › SAML Application; PingOne can import our metadata by address.",
        "Attribute mappings: saml_subject = User ID, email = Email Address, given_name, family_name, memberOf = Group Names.",
        "Import the IdP Metadata URL of the Overview tab here. PingFederate: sign the assertion in the connection's policy.",
      ],
      fr: [
        "Applications › Add Application › SAML Application ; PingOne sait importer nos métadonnées par leur adresse.",
        "Attribute mappings : saml_subject = User ID, email = Email Address, given_name, family_name, memberOf = Group Names.",
        "Importez ici l'IdP Metadata URL de l'onglet Overview. PingFederate : signez l'assertion dans la politique de la connexion.",
      ],
    },
  },
  adfs: {
    name: "AD FS",
    fields: [
      ["Federation metadata address", "metadataUrl"],
      ["Relying party trust identifier", "entityId"],
      ["Relying party SAML 2.0 SSO service URL", "acsUrl"],
    ],
    steps: {
      en: [
        "Relying Party Trusts › Add Relying Party Trust › Claims aware › import data published online, by the address above.",
        "Claim rules: send LDAP attributes (E-Mail-Addresses, Given-Name, Surname, groups), and transform one claim that does not change into the Name ID, persistent.",
        "AD FS encrypts where our metadata show a key. Its certificates roll over by themselves: let the metadata be fetched.",
        "Its clock counts: synchronise it, or raise the skew of the connection.",
      ],
      fr: [
        "Approbations de partie de confiance › Ajouter › Prise en charge des revendications › importer les données publiées en ligne, à l'adresse ci-dessus.",
        "Règles de revendication : envoyez les attributs LDAP (E-Mail-Addresses, Given-Name, Surname, groupes) et transformez une revendication stable en ID de nom persistant.",
        "AD FS chiffre dès que nos métadonnées montrent une clé. Ses certificats se renouvellent seuls : laissez Plenum relire les métadonnées.",
        "Son horloge compte : synchronisez-la, ou augmentez la tolérance de la connexion.",
      ],
    },
  },
  keycloak: {
    name: "Keycloak",
    fields: [
      ["Client ID", "entityId"],
      ["Valid redirect URIs", "acsUrl"],
      ["Assertion Consumer Service POST Binding URL", "acsUrl"],
      ["Logout Service POST Binding URL", "sloUrl"],
      ["Logout Service Redirect Binding URL", "sloUrl"],
    ],
    steps: {
      en: [
        "Import …/realms/{realm}/protocol/saml/descriptor here first: it asks for signed requests, and our metadata then show the key.",
        "Clients › Import client, with our metadata saved as a file; or Create client › SAML, Name ID format persistent.",
        "Client scopes › mappers: X500 email, givenName, surname and Group list (member).",
        "Leave Front channel logout off: Keycloak then signs people out here without their browser. Keys › Use metadata descriptor URL (26.4): it reads our keys by itself.",
      ],
      fr: [
        "Importez d'abord ici …/realms/{realm}/protocol/saml/descriptor : il demande des requêtes signées, et nos métadonnées montrent alors la clé.",
        "Clients › Import client, avec nos métadonnées enregistrées dans un fichier ; ou Create client › SAML, Name ID format persistent.",
        "Client scopes › mappers : X500 email, givenName, surname et Group list (member).",
        "Laissez Front channel logout désactivé : Keycloak déconnecte alors les personnes ici sans leur navigateur. Keys › Use metadata descriptor URL (26.4) : il lit nos clés lui-même.",
      ],
    },
  },
  shibboleth: {
    name: "Shibboleth · SimpleSAMLphp",
    fields: [
      ["MetadataProvider metadataURL", "metadataUrl"],
      ["RelyingParty · entityID", "entityId"],
    ],
    steps: {
      en: [
        "Add our metadata address as a MetadataProvider (SimpleSAMLphp: convert it into saml20-sp-remote.php).",
        "Release mail, givenName and sn to us in attribute-filter.xml, and a persistent NameID: a transient one names nobody.",
        "Shibboleth encrypts by default: make a key for encryption here first, or set encryptAssertions to false for us.",
        "Import …/idp/shibboleth here.",
      ],
      fr: [
        "Ajoutez l'adresse de nos métadonnées comme MetadataProvider (SimpleSAMLphp : convertissez-les dans saml20-sp-remote.php).",
        "Dans attribute-filter.xml, transmettez-nous mail, givenName et sn, avec un NameID persistant : un NameID transitoire ne désigne personne.",
        "Shibboleth chiffre par défaut : créez d'abord ici une clé de chiffrement, ou mettez encryptAssertions à false pour nous.",
        "Importez ici …/idp/shibboleth.",
      ],
    },
  },
};

/** What belongs into a field of the identity provider. */
export function setupValue(details: ConnectionDetails, value: Value): string | undefined {
  const { urls, keys } = details;
  switch (value) {
    case "acsPattern":
      return `^${urls.acsUrl.replace(/[.?]/g, "\\$&")}$`;
    case "spCertificate":
      return keys.find((key) => key.use === "SIGNING" && key.status === "ACTIVE")?.certificate;
    default:
      return urls[value];
  }
}
