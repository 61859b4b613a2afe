import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import tenants.hours
import tenants.models.base
import tenants.models.organization
import tenants.models.user
import tenants.zones
import uuid
from django.conf import settings
from django.db import migrations, models

from tenants.isolation import IsolateRows, isolate


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', tenants.models.user.LowerEmailField(max_length=254, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('slug', models.CharField(max_length=50, unique=True, validators=[tenants.models.organization.validate_slug])),
                ('hue', models.PositiveSmallIntegerField(default=255, validators=[django.core.validators.MaxValueValidator(360)])),
                ('zone', models.CharField(default='UTC', max_length=64, validators=[tenants.zones.validate_zone])),
                ('is_demo', models.BooleanField(default=False)),
                ('is_imported', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('hue__lte', 360)), name='organization_hue_on_the_wheel')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', 'Person'), ('service', 'Service'), ('system', 'System')], default='person', max_length=10)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('client', 'Client'), ('viewer', 'Viewer')], default='member', max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('zone', models.CharField(blank=True, max_length=64, validators=[tenants.zones.validate_zone])),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('zone', models.CharField(default='UTC', max_length=64, validators=[tenants.zones.validate_zone])),
                ('hours', models.JSONField(default=tenants.hours.office_hours)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('region', models.CharField(blank=True, max_length=10)),
                ('days', models.JSONField(blank=True, default=list)),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('internal', 'Internal'), ('client', 'Client')], default='internal', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('backup', tenants.models.base.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='backs_up', to='tenants.team')),
                ('calendar', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='tenants.calendar')),
                ('group', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='team', to='auth.group')),
                ('lead', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='led_teams', db_index=True, to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='TeamMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_memberships', db_index=True, to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('team', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='tenants.team')),
            ],
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('prefix', models.CharField(editable=False, max_length=12)),
                ('token_hash', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member')),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('internal', 'Internal'), ('client', 'Client')], default='internal', max_length=10)),
                ('description', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['name'],
                'permissions': [('send_handoff', 'Can send handoffs here'), ('receive_handoff', 'Can receive handoffs here'), ('manage_workspace', 'Can manage this workspace')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', tenants.models.user.LowerEmailField(max_length=254)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('client', 'Client'), ('viewer', 'Viewer')], default='member', max_length=10)),
                ('token_hash', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('team', tenants.models.base.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.team')),
                ('workspace', tenants.models.base.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.workspace')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='WorkspaceTeamPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_permissions', db_index=True, to='tenants.workspace')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkspaceUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_permissions', db_index=True, to='tenants.workspace')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once_in_any_case'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('organization', 'user'), name='member_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'system')), fields=('organization', 'name'), name='member_system_name_once'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'system'), ('user__isnull', True)), models.Q(models.Q(('kind', 'system'), _negated=True), ('user__isnull', False)), _connector='OR'), name='member_has_a_user_unless_system'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.UniqueConstraint(fields=('organization', 'name'), name='calendar_name_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organization', 'name'), name='team_name_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('backup', models.F('id')), _negated=True), name='team_is_not_its_own_backup'),
        ),
        migrations.AddConstraint(
            model_name='teammembership',
            constraint=models.UniqueConstraint(fields=('team', 'member'), name='team_membership_once'),
        ),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.UniqueConstraint(fields=('token_hash', 'organization'), name='token_hash_once'),
        ),
        migrations.AddConstraint(
            model_name='workspace',
            constraint=models.UniqueConstraint(fields=('organization', 'name'), name='workspace_name_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('token_hash', 'organization'), name='invitation_hash_once'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('organization', 'email'), name='invitation_open_once_per_address'),
        ),
        migrations.AlterUniqueTogether(
            name='workspaceteampermission',
            unique_together={('group', 'permission', 'content_object')},
        ),
        migrations.AlterUniqueTogether(
            name='workspaceuserpermission',
            unique_together={('user', 'permission', 'content_object')},
        ),
        IsolateRows("Organization", column="id"),
        *isolate("Member"),
        *isolate("Calendar"),
        *isolate("Team", "lead", "calendar", "backup"),
        *isolate("TeamMembership", "team", "member"),
        *isolate("Workspace"),
        *isolate("WorkspaceUserPermission", "content_object"),
        *isolate("WorkspaceTeamPermission", "content_object"),
        *isolate("Invitation", "team", "workspace", "invited_by"),
        *isolate("Token", "member", "created_by"),
    ]
