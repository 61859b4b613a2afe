"""How people sign in: django-allauth, bent to a site that one joins by invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.core.mail import EmailMessage
from django.http import HttpRequest

from portal.post import send_soon
from tenants.models import User

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Closes the public sign-up page; sends mail by the worker, so that no answer waits for a mail server."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people join an organization by its invitation."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """As it is: the sender is named already."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, object]) -> None:
        """Puts it into the queue, sealed: it holds a code or a link."""
        facts = {"request": context.request, "email": email, **context_}
        mail: EmailMessage = self.render_mail(template_prefix, email, facts)
        send_soon(mail)


def confirm_address(user: User) -> None:
    """Takes the address of a login as confirmed: whoever made the login has seen that its owner reads that mailbox."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def new_login(email: str, *, name: str, password: str) -> User:
    """A login whose owner has just shown that they read its mailbox. Raises IntegrityError where there is one."""
    user = User.objects.create_user(email, password=password, name=name)
    confirm_address(user)
    return user


def sign_in(request: HttpRequest, user: User) -> None:
    """Signs somebody in who has shown who they are in another way; it stands in the list of their sessions."""
    login(request, user, backend=PASSWORD_BACKEND)
    UserSession.objects.create_from_request(request)
