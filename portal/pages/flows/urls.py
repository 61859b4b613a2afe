"""The addresses of flows, below /flows/."""

from django.urls import path

from portal.pages.flows import edit, files, listing, moving, sandbox, show, step

urlpatterns = [
    path("", listing.FlowList.as_view(), name="flows"),
    path("new/", listing.NewFlow.as_view(), name="flow_new"),
    path("import/", files.Import.as_view(), name="flow_import"),
    path("schema.json", files.Schema.as_view(), name="flow_schema"),
    path("<int:pk>/versions/<int:number>/flow.json", files.Export.as_view(), name="flow_export"),
    path("<int:pk>/versions/<int:number>/flow.bpmn", files.Export.as_view(form="bpmn"), name="flow_export_bpmn"),
    path("<int:pk>/", show.ShowFlow.as_view(), name="flow"),
    path("<int:pk>/versions/<int:number>/", show.ShowFlow.as_view(), name="flow_version"),
    path("<int:pk>/name/", show.Rename.as_view(), name="flow_name"),
    path("<int:pk>/revise/", show.Revise.as_view(), name="flow_revise"),
    path("<int:pk>/publish/", show.Publish.as_view(), name="flow_publish"),
    path("<int:pk>/retire/", show.Retire.as_view(), name="flow_retire"),
    path("<int:pk>/bring-back/", show.Retire.as_view(retired=False), name="flow_bring_back"),
    path("<int:pk>/sandbox/", sandbox.Sandbox.as_view(), name="flow_sandbox"),
    path("<int:pk>/cases/move/", moving.MoveCases.as_view(), name="flow_move_cases"),
    path("<int:pk>/edit/", edit.Edit.as_view(), name="flow_edit"),
    path("<int:pk>/edit/steps/", edit.AddStep.as_view(), name="flow_add_step"),
    path("<int:pk>/edit/steps/<slug:key>/", step.StepPage.as_view(), name="flow_step"),
    path("<int:pk>/edit/steps/<slug:key>/remove/", step.RemoveStep.as_view(), name="flow_remove_step"),
    path("<int:pk>/edit/roles/", edit.AddRole.as_view(), name="flow_add_role"),
    path("<int:pk>/edit/roles/<slug:key>/", step.RolePage.as_view(), name="flow_role"),
    path("<int:pk>/edit/roles/<slug:key>/remove/", step.RemoveRole.as_view(), name="flow_remove_role"),
    path("<int:pk>/edit/move/", edit.Move.as_view(), name="flow_move"),
]
