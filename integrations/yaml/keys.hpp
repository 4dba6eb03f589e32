#pragma once

#include <span>

#include "integrations/yaml/reader.hpp"

/// Every key that a YAML file of a configuration may hold, in one place. What is known to the
/// format but not acted on yet stands in the `kLater…` lists: take a key out of there when it does
/// something.
namespace fristvakt::integrations::keys {

using Words = const std::string_view[];

// fristvakt.yaml
inline constexpr Words kInstallation = {
    "name",       "organisation", "time_zone", "default_language", "calendar",  "send_window",
    "nag_budget", "brake",        "sending",   "redirect_to",      "allowlist", "public_url",
    "http",       "mail",         "sign_in",   "weekly_digest",    "teams",     "mailbox",
    "graph"};
inline constexpr Words kInstallationRequired = {"name", "organisation", "mail"};
inline constexpr Words kSendWindow = {"days", "hours", "avoid"};
inline constexpr Words kNagBudget = {"messages", "per"};
inline constexpr Words kWeeklyDigest = {"day", "at"};
inline constexpr Words kTeamsChannel = {"url",    "language", "programmes",
                                        "digest", "events",   "canary"};
inline constexpr Words kTeamsChannelRequired = {"url"};
inline constexpr Words kMailbox = {"url",     "starttls", "user",   "password",
                                   "ca_file", "address",  "folder", "every"};
inline constexpr Words kMailboxRequired = {"url", "user", "password", "address"};
inline constexpr Words kGraph = {"tenant",        "client_id", "secret",    "mailbox",
                                 "notifications", "login_url", "graph_url", "ca_file"};
inline constexpr Words kGraphRequired = {"tenant", "client_id", "secret", "mailbox"};
inline constexpr Words kHttp = {"listen", "operator", "trusted_proxy"};
inline constexpr Words kSignIn = {"mail", "idle_minutes", "session_hours", "openid"};
inline constexpr Words kOpenId = {"issuer", "client_id", "client_secret", "claim",
                                  "scopes", "acr",       "amr",           "title"};
inline constexpr Words kOpenIdRequired = {"issuer", "client_id", "title"};
inline constexpr Words kMail = {"from", "reply_to", "smtp"};
inline constexpr Words kMailRequired = {"from"};
inline constexpr Words kSmtp = {"url", "starttls", "user", "password", "ca_file"};
inline constexpr Words kSmtpRequired = {"url"};

// workflows/*.yaml
inline constexpr Words kWorkflow = {"workflow", "version", "title",   "start",
                                    "fields",   "states",  "migrates"};
inline constexpr Words kWorkflowRequired = {"workflow", "version", "title", "start", "states"};
inline constexpr Words kState = {"title",          "waits_for", "deadline", "ladder", "on",
                                 "after_deadline", "final",     "tells",    "invites"};
inline constexpr Words kTitleRequired = {"title"};
inline constexpr Words kTransition = {"by",     "to",    "needs",  "sets",
                                      "notice", "opens", "pauses", "shares"};
inline constexpr Words kToRequired = {"to"};
inline constexpr Words kAfterDeadline = {"to"};
inline constexpr Words kTells = {"event", "with"};
inline constexpr Words kTellsRequired = {"event"};

// ladders/*.yaml
inline constexpr Words kLadder = {"ladder", "steps", "fallback"};
inline constexpr Words kLadderRequired = {"ladder", "steps"};
inline constexpr Words kStep = {"id", "at", "to", "copy", "notice", "time"};
inline constexpr Words kStepRequired = {"id", "at", "to", "notice"};
inline constexpr Words kLaterStep = {"if_unknown"};  // until a mailbox is read, all is known

// calendars/*.yaml
inline constexpr Words kCalendar = {"calendar", "soft", "semesters"};
inline constexpr Words kCalendarRequired = {"calendar"};
inline constexpr Words kSoft = {"id", "title", "from", "to", "easter", "weeks"};
inline constexpr Words kSoftRequired = {"id", "title"};
inline constexpr Words kFromTo = {"from", "to"};
inline constexpr Words kSemesters = {"spring", "autumn"};

// programmes/*.yaml
inline constexpr Words kProgramme = {"programme", "title",       "cohort",       "period",
                                     "creditor",  "responsible", "participants", "requirements",
                                     "meetings",  "groups"};
inline constexpr Words kProgrammeRequired = {"programme", "title",        "cohort",      "period",
                                             "creditor",  "participants", "requirements"};
inline constexpr Words kParticipant = {"organisation", "responsible"};
inline constexpr Words kParticipantRequired = {"organisation"};
inline constexpr Words kRequirement = {
    "id",     "title",       "workflow", "every",        "opens",   "due",     "if_free_day",
    "ladder", "responsible", "debtor",   "instructions", "deliver", "creditor"};
inline constexpr Words kRequirementRequired = {"id", "title", "workflow", "due"};
inline constexpr Words kMeeting = {"id",     "title",  "every",       "set_by",       "audience",
                                   "groups", "ladder", "responsible", "instructions", "dates"};
inline constexpr Words kMeetingRequired = {"id", "title"};
inline constexpr Words kMeetingDate = {"id",     "start",   "end",       "place", "also",
                                       "agenda", "prework", "cancelled", "open",  "semester"};
inline constexpr Words kSignUp = {"until", "limit"};
inline constexpr Words kMeetingDateRequired = {"start", "end"};
inline constexpr Words kPrework = {"id",      "title",      "workflow",    "opens",
                                   "due",     "ladder",     "responsible", "instructions",
                                   "deliver", "if_free_day"};
inline constexpr Words kPreworkRequired = {"id", "title", "due"};
inline constexpr Words kGroup = {"title", "roles", "organisations", "people"};
inline constexpr Words kDeliver = {"to", "copy", "case_number"};

inline constexpr KeyTable kInstallationTable{"installation", kInstallation, kInstallationRequired};
inline constexpr KeyTable kSendWindowTable{"send_window", kSendWindow, {}};
inline constexpr KeyTable kNagBudgetTable{"nag_budget", kNagBudget, kNagBudget};
inline constexpr KeyTable kWeeklyDigestTable{"weekly_digest", kWeeklyDigest, kWeeklyDigest};
inline constexpr KeyTable kTeamsChannelTable{"teams_channel", kTeamsChannel, kTeamsChannelRequired};
inline constexpr KeyTable kTeamsDigestTable{"teams_digest", kWeeklyDigest, kWeeklyDigest};
inline constexpr KeyTable kMailboxTable{"mailbox", kMailbox, kMailboxRequired};
inline constexpr KeyTable kGraphTable{"graph", kGraph, kGraphRequired};
inline constexpr KeyTable kHttpTable{"http", kHttp, {}};
inline constexpr KeyTable kSignInTable{"sign_in", kSignIn, {}};
inline constexpr KeyTable kOpenIdTable{"openid", kOpenId, kOpenIdRequired};
inline constexpr KeyTable kMailTable{"mail", kMail, kMailRequired};
inline constexpr KeyTable kSmtpTable{"smtp", kSmtp, kSmtpRequired};
inline constexpr KeyTable kWorkflowTable{"workflow", kWorkflow, kWorkflowRequired};
inline constexpr KeyTable kStateTable{"state", kState, kTitleRequired};
inline constexpr KeyTable kTransitionTable{"transition", kTransition, kToRequired};
inline constexpr KeyTable kAfterDeadlineTable{"after_deadline", kAfterDeadline, kToRequired};
inline constexpr KeyTable kTellsTable{"tells", kTells, kTellsRequired};
inline constexpr KeyTable kLadderTable{"ladder", kLadder, kLadderRequired};
inline constexpr KeyTable kStepTable{"step", kStep, kStepRequired, kLaterStep};
inline constexpr KeyTable kCalendarTable{"calendar", kCalendar, kCalendarRequired};
inline constexpr KeyTable kSoftTable{"soft_period", kSoft, kSoftRequired};
inline constexpr KeyTable kFromToTable{"from_to", kFromTo, kFromTo};
inline constexpr KeyTable kSemestersTable{"semesters", kSemesters, kSemesters};
inline constexpr KeyTable kProgrammeTable{"programme", kProgramme, kProgrammeRequired};
inline constexpr KeyTable kMeetingTable{"meeting", kMeeting, kMeetingRequired};
inline constexpr KeyTable kMeetingDateTable{"meeting_date", kMeetingDate, kMeetingDateRequired};
inline constexpr KeyTable kSignUpTable{"sign_up", kSignUp, {}};
inline constexpr KeyTable kPreworkTable{"prework", kPrework, kPreworkRequired};
inline constexpr KeyTable kParticipantTable{"participant", kParticipant, kParticipantRequired};
inline constexpr KeyTable kRequirementTable{"requirement", kRequirement, kRequirementRequired};
inline constexpr KeyTable kGroupTable{"group", kGroup, kTitleRequired};
inline constexpr KeyTable kDeliverTable{"deliver", kDeliver, {}};

inline constexpr KeyTable kAll[] = {
    kInstallationTable, kSendWindowTable,    kNagBudgetTable,   kWeeklyDigestTable,
    kHttpTable,         kMailTable,          kSmtpTable,        kSignInTable,
    kOpenIdTable,       kWorkflowTable,      kStateTable,       kTransitionTable,
    kTellsTable,        kAfterDeadlineTable, kLadderTable,      kStepTable,
    kCalendarTable,     kSoftTable,          kFromToTable,      kSemestersTable,
    kProgrammeTable,    kParticipantTable,   kRequirementTable, kDeliverTable,
    kTeamsChannelTable, kTeamsDigestTable,   kMeetingTable,     kMeetingDateTable,
    kPreworkTable,      kMailboxTable,       kGraphTable,       kGroupTable,
    kSignUpTable};

}  // namespace fristvakt::integrations::keys
