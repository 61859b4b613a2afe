"""A person's one login, whatever number of organizations they belong to."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class LowerEmailField(models.EmailField[str, str]):
    """An e-mail address, kept and compared in small letters."""

    def get_prep_value(self, value: Any) -> Any:
        """Small letters, whether stored or looked for."""
        value = super().get_prep_value(value)
        return value.strip().lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Let the object in memory read as the row will."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    """Makes logins and finds them by address."""

    def create_user(self, email: str, password: str | None = None, name: str = "", **fields: Any) -> "User":
        """Make a login; without a password nobody can sign in with one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, name: str = "", **fields: Any) -> "User":
        """Make a login for an operator of the whole installation."""
        return self.create_user(email, password, name, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The login with this address, in whatever letters it was typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login. What it may do is decided by its Member in each organization, never here."""

    email = LowerEmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as people write it, or the address."""
        return str(self)

    def get_short_name(self) -> str:
        """The first word of the name."""
        return str(self).split(" ")[0]
