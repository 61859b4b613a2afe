"""Which form each verb needs: one table, and the cases in which completing and accepting need another."""

from collections.abc import Mapping

from handoffs.definition.specification import specification
from handoffs.lifecycle import Verb
from handoffs.models import Handoff, Side
from handoffs.reading_back import may_ask
from portal.forms.accept import AcceptForm
from portal.forms.complete import CompleteStepForm
from portal.forms.facts import AnswerForm, AskForm, AttachForm, LinkForm, NoteForm, TickForm
from portal.forms.sharing import ShareForm, UnshareForm
from portal.forms.verb import VerbForm
from portal.forms.verbs import CompleteForm, EditForm, HoldForm, OfferForm, ReasonForm, ReceiverForm, ReturnForm

FORMS: Mapping[Verb, type[VerbForm]] = {
    Verb.EDIT: EditForm,
    Verb.OFFER: OfferForm,
    Verb.PLAN: ReceiverForm,
    Verb.PASS_ON: ReceiverForm,
    Verb.HAND_BACK: ReturnForm,
    Verb.REDIRECT: ReceiverForm,
    Verb.RETURN: ReturnForm,
    Verb.ASK: AskForm,
    Verb.ANSWER: AnswerForm,
    Verb.HOLD: HoldForm,
    Verb.COMPLETE: CompleteForm,
    Verb.REOPEN: ReasonForm,
    Verb.CANCEL: ReasonForm,
    Verb.TAKE_OVER: ReasonForm,
    Verb.NOTE: NoteForm,
    Verb.ATTACH: AttachForm,
    Verb.LINK: LinkForm,
    Verb.TICK: TickForm,
    Verb.SHARE: ShareForm,
    Verb.UNSHARE: UnshareForm,
}


def form_of(verb: Verb, handoff: Handoff) -> type[VerbForm]:
    """The form this verb needs on this handoff; completing needs none where neither result nor case ask anything.

    Accepting needs one only where key facts are read back.
    """
    if verb is Verb.COMPLETE and handoff.case_id is not None:
        return CompleteStepForm
    if verb is Verb.COMPLETE and not specification(handoff.template_version).side(Side.RECEIVER):
        return VerbForm
    if verb is Verb.ACCEPT and may_ask(handoff):
        return AcceptForm
    return FORMS.get(verb, VerbForm)
