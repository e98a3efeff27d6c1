"""The relying party: how somebody proves who they are at the identity provider (OpenID Connect).

Nothing in here knows the web framework: parameters and times come in as arguments, and a person
or a SignInRefused comes out.
"""
