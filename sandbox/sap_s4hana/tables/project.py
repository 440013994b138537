"""Enterprise projects and time sheets. Source: vendor notes, sections 5 and 6."""

from __future__ import annotations

from sandbox.sap_s4hana.schema import entity, nav

PROJECT = [
    entity(
        "A_EnterpriseProject",
        "ProjectUUID",
        "ProjectUUID:guid! ProjectInternalID:8! Project:upper24+ ProjectDescription:60 EnterpriseProjectType:2 "
        "ProjectProfileCode:7+ PriorityCode:3 ProjectStartDate:date ProjectEndDate:date ActualStartDate:date "
        "ActualEndDate:date ProcessingStatus:2! ResponsibleCostCenter:upper10 ProfitCenter:upper10 CompanyCode:4! "
        "ProjectCurrency:5+ CustomerUUID:guid IsBillingRelevant:bool EntProjIsMultiSlsOrdItmsEnbld:bool "
        "RestrictedTimePosting:2 ProjectManagerUUID:guid IsMultiCustomer:bool FunctionalArea:upper16 Plant:4 "
        "CreatedByUser:12! CreationDateTime:instant! LastChangedByUser:12! LastChangeDateTime:instant! "
        "ProjectLastChangedDateTime:instant!",
        nav("to_EnterpriseProjectElement", "A_EnterpriseProjectElement", "ProjectUUID"),
        nav("to_EnterpriseProjectTeamMember", "A_EnterpriseProjectTeamMember", "ProjectUUID"),
        stamp="LastChangeDateTime",
        verbs="CU",
    ),
    entity(
        "A_EnterpriseProjectElement",
        "ProjectElementUUID",
        "ProjectElementUUID:guid! ProjectUUID:guid+ WBSElementInternalID:8! ProjectElement:upper24+ ParentObjectUUID:guid+ "
        "ProjectElementDescription:60 PlannedStartDate:date PlannedEndDate:date ActualStartDate:date ActualEndDate:date "
        "ProcessingStatus:2! WBSElementIsBillingElement:bool IsProjectMilestone:1 CostCenter:upper10 "
        "ResponsibleCostCenter:upper10 ProfitCenter:upper10 SortingNumber:10! EntProjectElementType:2! "
        "CreatedByUser:12! CreationDateTime:instant! LastChangedByUser:12! LastChangeDateTime:instant!",
        nav("to_EnterpriseProject", "A_EnterpriseProject", "ProjectUUID", many=False, deep=False),
        nav("to_SubProjElement", "A_EnterpriseProjectElement", "ParentObjectUUID=ProjectElementUUID"),
        stamp="LastChangeDateTime",
        verbs="CUD",
    ),
    entity(
        "A_EnterpriseProjectTeamMember",
        "TeamMemberUUID",
        "TeamMemberUUID:guid! ProjectUUID:guid+ BusinessPartnerUUID:guid+ EntProjectRoleType:15+",
        verbs="CD",
    ),
]

TIME = [
    entity(
        "TimeSheetEntryCollection",
        "PersonWorkAgreementExternalID CompanyCode TimeSheetRecord",
        "PersonWorkAgreementExternalID:20 CompanyCode:4 TimeSheetRecord:12 PersonWorkAgreement:8 TimeSheetDate:date "
        "TimeSheetOperation:1 TimeSheetStatus:2 TimeSheetIsReleasedOnSave:bool TimeSheetIsExecutedInTestRun:bool "
        "TimeSheetPredecessorRecord:12",
        verbs="C",
    ),
]

TIME_FIELDS = (
    "ControllingArea:4 SenderCostCenter:10 ReceiverCostCenter:10 InternalOrder:12 ActivityType:6 WBSElement:upper24 "
    "WorkItem:10 BillingControlCategory:8 TimeSheetTaskType:4 TimeSheetTaskLevel:8 TimeSheetTaskComponent:8 "
    "TimeSheetNote:1024 RecordedHours:decimal4.2 RecordedQuantity:decimal15.3 HoursUnitOfMeasure:3 "
    "TimeSheetOvertimeCategory:8 RejectionReason:4"
)
"""The complex type `TimeSheetDataFields` of an entry."""
