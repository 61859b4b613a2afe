"""What people chose, digests, rooms of a chat, and what could not be delivered."""

import django.db.models.deletion
import django.utils.timezone
import tenants.models.base
from django.db import migrations, models
from tenants.isolation import TenantReference, isolate


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0008_answers_are_remembered'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=12)),
                ('address', models.CharField(max_length=254)),
                ('since', models.DateTimeField()),
                ('sentence', models.CharField(max_length=300)),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bounces', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'member', 'channel'), name='bounce_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ChatRoom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('address', models.TextField()),
                ('shown', models.CharField(max_length=120)),
                ('kinds', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('made_by', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('organization', 'name'), name='chat_room_name_once'),
                ],
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ChatPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('team', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team')),
                ('workspace', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.workspace')),
                ('room', tenants.models.base.TenantForeignKey(db_index=True, on_delete=django.db.models.deletion.CASCADE, related_name='places', to='handoffs.chatroom')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('room', 'workspace', 'team'), name='chat_place_once', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(models.Q(('team__isnull', False), ('workspace__isnull', True)), models.Q(('team__isnull', True), ('workspace__isnull', False)), _connector='OR'), name='chat_place_is_one'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=12)),
                ('reference', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='Not sent before.')),
                ('leased_until', models.DateTimeField(help_text='A worker is sending it, or died doing so.', null=True)),
                ('pushed_at', models.DateTimeField(help_text='When it was last handed to the channel.', null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='digests', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('given_up_at__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='digest_waiting'),
                    models.Index(fields=['organization', 'member', 'pushed_at'], name='digest_pushed'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'reference'), name='digest_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offers', 'Offered to me or my team'), ('questions', 'Questions and answers'), ('progress', 'My work moved on'), ('notes', 'Notes'), ('alarms', 'Alarms')], max_length=12)),
                ('channel', models.CharField(max_length=12)),
                ('pace', models.CharField(choices=[('at_once', 'At once'), ('digest', 'In a digest'), ('never', 'Not')], max_length=12)),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preferences', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'member', 'kind', 'channel'), name='preference_once'),
                    models.CheckConstraint(condition=models.Q(('pace__in', ['at_once', 'digest', 'never'])), name='preference_pace_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['alarms']), _negated=True), ('pace', 'at_once'), _connector='OR'), name='preference_alarms_stay'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('daily_at', models.PositiveSmallIntegerField(help_text='The hour of a daily digest; hourly without.', null=True)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_until', models.TimeField(null=True)),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rhythms', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'member'), name='rhythm_once'),
                    models.CheckConstraint(condition=models.Q(('daily_at__isnull', True), ('daily_at__lte', 23), _connector='OR'), name='rhythm_hour_of_day'),
                    models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='rhythm_quiet_has_both_ends'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_once',
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_once',
        ),
        migrations.RemoveIndex(
            model_name='message',
            name='message_unsent',
        ),
        migrations.AddField(
            model_name='message',
            name='due_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='Not sent before.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='message',
            name='given_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='in_digest',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='leased_until',
            field=models.DateTimeField(help_text='A worker is sending it, or died doing so.', null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='pushed_at',
            field=models.DateTimeField(help_text='When it was last handed to the channel.', null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='trouble',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='notice',
            name='message',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='handoffs.message'),
        ),
        migrations.AlterField(
            model_name='message',
            name='member',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='tenants.member'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('message__isnull', True)), fields=('event', 'member'), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('message__isnull', False)), fields=('message', 'member'), name='notice_of_failure_once'),
        ),
        migrations.AddField(
            model_name='message',
            name='room',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='handoffs.chatroom'),
        ),
        migrations.AddField(
            model_name='message',
            name='digest',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='handoffs.digest'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('given_up_at__isnull', True), ('sent_at__isnull', True), ('digest__isnull', True)), fields=['due_at'], name='message_waiting'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('digest__isnull', False)), fields=['digest'], name='message_of_digest'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('pushed_at__isnull', False)), fields=['organization', 'member', 'pushed_at'], name='message_pushed'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('given_up_at__isnull', False), models.Q(('trouble', ''), _negated=True)), fields=['organization', 'event'], name='message_in_trouble'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('event', 'member', 'room', 'channel'), name='message_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('room__isnull', True)), models.Q(('member__isnull', True), ('room__isnull', False)), _connector='OR'), name='message_has_one_reader'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('digest__isnull', True), ('in_digest', True), _connector='OR'), name='message_of_digest_is_in_one'),
        ),
        *isolate("Bounce", "member"),
        *isolate("ChatRoom", "made_by"),
        *isolate("ChatPlace", "room", "workspace", "team"),
        *isolate("Digest", "member"),
        *isolate("Preference", "member"),
        *isolate("Rhythm", "member"),
        TenantReference("Message", "room"),
        TenantReference("Message", "digest"),
        TenantReference("Notice", "message"),
    ]
