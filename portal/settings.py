"""Django's settings. What differs between installations comes from portal.environment; the rest is decided here."""

from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from . import database, logs
from .environment import ROOT, Unfit, current

environment = current()
django_stubs_ext.monkeypatch()  # Django's classes take type arguments only after this

SECRET_KEY = environment.secret_key
DEBUG = environment.debug
ALLOWED_HOSTS = list(environment.hosts)
CSRF_TRUSTED_ORIGINS = [environment.address]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "tenants.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",  # before the admin and guardian: it replaces their templates
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.guardian",
    "django.contrib.admin.apps.SimpleAdminConfig",  # portal.admin registers its sections itself, and no others
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # allauth's list of sessions says how long ago they were seen
    "django.contrib.staticfiles",
    "guardian",
    "django_q",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "tenants",
    "handoffs",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.trouble.bounded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.address.Address",  # asks request.user; from here on the organization of the address is in force
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATE_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            # In development a changed template shows at once; Django would keep the first one it read.
            "loaders": TEMPLATE_LOADERS if DEBUG else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.shell.shell",
            ],
        },
    }
]

DATABASES = {"default": database.settings(environment)}

# Rate limits must count across processes, hence a table. The background cluster tells its state twice a second: not
# there.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "portal.formats"

# Sign-in: by password, by a code that is mailed and typed in, or by passkey; a second factor for those who add one.
# Members come by invitation, so the sign-up page is closed (portal.sign_in). Known and unknown addresses are answered
# alike: both get a mail, by the worker.
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
if environment.test:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash would be most of a test's time
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# A login whose address nobody has confirmed yet is asked for a code; an invitation's link has confirmed it already.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one counts when the code sent to it has been typed in
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # mail is not instant
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of what changes how one signs in
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Handrail"
MFA_ADAPTER = "portal.second_factor.Adapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not environment.production  # browsers take localhost for secure by themselves
USERSESSIONS_TRACK_ACTIVITY = False  # it would write at each request
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = environment.address.partition(":")[0]
ANONYMOUS_USER_NAME = None  # guardian: nobody has rights without having signed in

# The wall against foreign code in our pages. The admin's Alpine needs more; portal.admin asks for it there only.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "img-src": [SELF, "data:"],
    }
}
UNFOLD: dict[str, Any] = {  # texts are dotted names of functions that are given the request
    "SITE_TITLE": "Handrail",
    "SITE_HEADER": "Handrail",
    "SITE_SUBHEADER": "portal.admin.look.organization_name",
    "SITE_ICON": "portal.admin.look.icon",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "portal.admin.look.icon"}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": ["portal.admin.look.stylesheet"],
    "SCRIPTS": ["portal.admin.look.script"],
    "COLORS": {"primary": "portal.admin.look.primary"},
    "ACCOUNT": {"navigation": [{"title": "Back to the inbox", "link": "portal.admin.look.portal"}]},
    "SIDEBAR": {"show_search": False, "navigation": "portal.admin.site.navigation"},
}
HANDRAIL_ADMIN_CSP = {"script-src": [SELF, "'unsafe-eval'"], "style-src": [SELF, "'unsafe-inline'"]}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "tenants.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.production
SECURE_SSL_REDIRECT = environment.production
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz(/web)?$", r"^metrics$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if environment.production else 0
# HSTS for the sites beside ours, and in the lists of browsers, is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if environment.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"  # absolute: a relative one would take on the organization's prefix
STATIC_ROOT = ROOT / "staticfiles" if environment.production else None
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not environment.production
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": environment.documents_root},
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if environment.production
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

HANDRAIL_DEMO = environment.demo
HANDRAIL_SELF_SERVICE = environment.self_service
HANDRAIL_ADDRESS = environment.address
HANDRAIL_DOCUMENTS_ROOT = environment.documents_root
HANDRAIL_DOCUMENT_LIMIT_BYTES = environment.document_limit_bytes
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Mail: to a server where one is named, else into a directory where it can be read.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_from
EMAIL_FILE_PATH = environment.data / "mail"
EMAIL_TIMEOUT = environment.mail_timeout_seconds  # well below what a task may take
HANDRAIL_PUSHES_PER_HOUR = environment.pushes_per_hour
HANDRAIL_PRIVATE_CHAT = environment.private_chat
if environment.mail:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = environment.mail.host
    EMAIL_PORT = environment.mail.port
    EMAIL_HOST_USER = environment.mail.user
    EMAIL_HOST_PASSWORD = environment.mail.password
    EMAIL_USE_TLS = environment.mail.use_tls
    EMAIL_USE_SSL = environment.mail.use_ssl
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if environment.mail_backend:
    EMAIL_BACKEND = environment.mail_backend

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.arrival.Arrival"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.arrival.IsMember"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["portal.api.rendering.JSON"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.JSON"],
    "EXCEPTION_HANDLER": "portal.api.problems.answer_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Handrail",
    "DESCRIPTION": "Work that never falls between two people. Errors are problem details (RFC 9457).",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["portal.api.arrival.IsMember"],
    "PREPROCESSING_HOOKS": ["portal.api.schema.own_addresses_only"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.api.schema.finish"],
    # All three, or the docs page loads from someone else's server.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

HANDRAIL_METRICS_TOKEN = environment.metrics_token
HANDRAIL_LIMITS = environment.limits
Q_CLUSTER = {
    "name": "handrail",
    "label": "Background work",
    "broker_class": "portal.background.broker.Broker",
    "orm": "default",  # enqueued in the caller's transaction: a rolled-back change starts nothing
    "cache": "process",
    "workers": environment.queue_workers,
    "recycle": 500,
    "timeout": environment.task_seconds,
    # Counted from the moment a task is begun; more than its time, or it would be run again while it runs.
    "retry": environment.task_seconds + max(6, environment.task_seconds // 2),
    "max_attempts": 5,
    "scheduler": False,  # what recurs hangs on the pacemaker
    "save_limit": -1,  # what was done leaves no row; what failed stays to be seen
    "poll": 0.2,
}

LOGGING = logs.configuration(environment)

# What a mail backend of somebody else asks Django's settings for; it cannot change what is decided above.
if taken := sorted(set(environment.mail_settings) & set(globals())):
    raise Unfit([f"HANDRAIL_MAIL_SETTINGS cannot change {name}, which Handrail itself sets." for name in taken])
globals().update(environment.mail_settings)
