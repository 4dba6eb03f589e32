#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workflows/definition/graph_calendar.hpp"
#include "workflows/definition/mailbox.hpp"
#include "workflows/definition/secret_reference.hpp"
#include "workflows/definition/user.hpp"
#include "workflows/definition/workflow.hpp"
#include "workflows/language.hpp"
#include "workflows/time/activity_dates.hpp"
#include "workflows/time/calendar.hpp"
#include "workflows/time/deadline.hpp"
#include "workflows/time/instant.hpp"
#include "workflows/time/send_window.hpp"

/// Everything that a configuration folder says, verified and immutable.
namespace fristvakt::workflows {

struct Organisation {
    std::string id;
    std::string name;
    std::string kind;                  ///< udir, embete, kommune, friskole, skole, barnehage, …
    std::string number;                ///< Organisation or kommune number; may be empty.
    std::string parent;                ///< Id; may be empty.
    std::optional<Language> language;  ///< Empty: neutral.
    std::string email;                 ///< The postmottak; may be empty.
    SourcePosition where;
    Places places{};
};

struct Contact {
    std::string organisation;
    std::string name;
    std::string email;
    std::vector<std::string> roles;
    std::optional<Language> language;
    std::optional<Date> from;  ///< Inclusive.
    std::optional<Date> to;    ///< Inclusive.
    std::string phone;
    SourcePosition where;
    Places places{};
};

enum class Recurrence { Once, Yearly, EachSemester, Monthly };

/// When a requirement opens or falls due: a date or expression for a single one and for periods
/// (anchors `start` and `end` are the period's first and last day), or days of the year.
struct DueRule {
    std::optional<DeadlineExpression> expression;
    std::optional<cal::month_day> day;     ///< `due: 02-15` of a yearly requirement.
    std::optional<cal::month_day> spring;  ///< `due: {spring: 02-01, autumn: 09-01}`.
    std::optional<cal::month_day> autumn;
};

struct Delivery {
    std::string to;  ///< Address to send the plan to; may be empty.
    std::vector<std::string> copy;
    std::string case_number;
};

struct Requirement {
    std::string id;
    Text title;
    std::string workflow;
    Recurrence every{Recurrence::Once};
    std::optional<DueRule> opens;  ///< Empty: the period's start.
    DueRule due;
    FreeDayRule if_free_day{FreeDayRule::NextWorkingDay};
    std::string ladder{"standard"};
    std::string responsible;  ///< Address of one of creditor.saksbehandler; empty: all of them.
    Text instructions;
    Delivery deliver;
    std::vector<std::string> debtors;  ///< Organisations; empty: each participant.
    std::string creditor;              ///< Organisation; empty: the cohort's.
    SourcePosition where;
    Places places{};

    /// What it was written as: a requirement, a meeting that its organiser owes, or what is brought
    /// to one.
    enum class Origin { Requirement, Meeting, Prework };
    Origin origin{Origin::Requirement};
    std::string meeting{};   ///< Id of the meeting that it belongs to; empty for a requirement.
    std::string activity{};  ///< Id of the row of the activity plan that it comes from; or empty.
    /// The last day on which it means anything: an installation that starts later never asks for
    /// it. Empty: no such day.
    std::optional<Date> over_after{};
};

/// When and where a meeting is held. Both times are local; `end` is exclusive and after `start`.
struct MeetingDate {
    std::string id;  ///< Of a second date in one period; empty for the first.
    LocalTime start{};
    LocalTime end{};
    std::string place;
    std::vector<std::string> also;  ///< Roles invited beside the audience.
    Text agenda;                    ///< May be empty.
    std::string lecturer{};         ///< Of a row of an activity plan; may be empty.
    std::string cancelled;          ///< Why it is not held; empty: it is.
    std::string semester{};         ///< "2021-var", in which it is meant to lie; empty: not said.
    /// People outside the cohort may sign up.
    struct SignUp {
        Date until{};              ///< The last day on which they may.
        std::optional<int> limit;  ///< How many of them; at least 1.
    };
    std::optional<SignUp> open;
    /// Owed by each participant; `due` and `opens` may count from `start` and `end`.
    std::vector<Requirement> prework;
    SourcePosition where;
    Places places{};

    /// The case that it is the date of, by requirement and period; set by `call_meetings`.
    std::string requirement{};
    std::string period{};
};

/// What a cohort's creditor calls its participants to, once or every period.
struct Meeting {
    std::string id;
    Text title;
    Recurrence every{Recurrence::Once};  ///< Once, Yearly or EachSemester.
    std::optional<DueRule> set_by;       ///< By when its date must stand.
    std::vector<std::string> audience;   ///< Roles at the participants.
    std::vector<std::string> groups;     ///< Of the cohort, called as well.
    std::string ladder{"meeting-date"};  ///< Until the date stands.
    std::string responsible;             ///< As in Requirement.
    Text instructions;
    std::vector<MeetingDate> dates;
    SourcePosition where;
    Places places{};
    std::string activity{};  ///< As in Requirement.
};

/// People under one name, whom meetings call and whose organisations owe deliveries. Whoever is
/// named in `people` belongs to it, and whoever holds one of `roles` at one of `organisations`.
struct Group {
    std::string id;
    Text title;
    std::vector<std::string> roles;          ///< Empty: all at `organisations`.
    std::vector<std::string> organisations;  ///< Empty: the participants and the creditor.
    std::vector<std::string> people;         ///< Addresses of contacts.
    SourcePosition where;
    Places places{};
};

/// One row of a cohort's activity plan, as it was typed. What it calls for stands among the
/// cohort's meetings and requirements under the same id (workflows/definition/activities.hpp).
struct Activity {
    enum class Kind { Meeting, Course, Delivery, Suggestions };
    std::string id;  ///< From `what` where the row has none of its own.
    bool has_own_id{false};
    Text what;
    std::string when;     ///< As it was typed.
    ActivityDates dates;  ///< What that says.
    std::string who;      ///< As it was typed.
    Kind kind{Kind::Meeting};
    std::string place;
    std::string lecturer;
    std::string responsible;  ///< An address, as in Requirement, or words that are shown alone.
    std::string cancelled;    ///< As in MeetingDate.
    SourcePosition where;
    Places places{};

    /// People are called to it; otherwise organisations send something in.
    [[nodiscard]] bool is_meeting() const { return kind == Kind::Meeting || kind == Kind::Course; }
};

struct Participant {
    std::string organisation;
    std::string responsible;  ///< As in Requirement; wins over it.
    SourcePosition where;
    Places places{};
};

/// One file of programmes/.
struct Cohort {
    std::string programme;
    Text title;
    std::string id;
    Date from{};  ///< The period, both inclusive.
    Date to{};
    std::string creditor;
    std::string responsible;
    std::vector<Participant> participants;
    std::vector<Group> groups;
    std::vector<Activity> activities;  ///< activities/COHORT.csv, in the order of the table.
    /// Behind those written, the deliveries of the plan and what the meetings call for.
    std::vector<Requirement> requirements;
    std::vector<Meeting> meetings;  ///< Behind those written, those of the plan.
    SourcePosition where;
    Places places{};

    /// Index in `participants` by organisation and in `requirements` by id; built by
    /// Definitions::index, may be empty.
    std::unordered_map<std::string, std::size_t> participant_index{};
    std::unordered_map<std::string, std::size_t> requirement_index{};

    [[nodiscard]] const Requirement* find_requirement(std::string_view requirement_id) const;
    [[nodiscard]] const Participant* find_participant(std::string_view organisation) const;
    [[nodiscard]] const Meeting* find_meeting(std::string_view meeting_id) const;
    [[nodiscard]] const Group* find_group(std::string_view group_id) const;
    [[nodiscard]] const Activity* find_activity(std::string_view activity_id) const;
    /// The date of the meeting that a case of `requirement` in `period` stands for; null: none is
    /// set, or it is no meeting.
    [[nodiscard]] const MeetingDate* find_date(const Requirement& requirement,
                                               std::string_view period) const;
};

enum class SendingMode { Spool, Redirect, Allowlist, Live };

struct SmtpSettings {
    std::string url;  ///< smtp://HOST:PORT or smtps://HOST:PORT
    enum class StartTls { Required, Off };
    StartTls starttls{StartTls::Required};
    std::string user;
    SecretReference password;
    std::string ca_file;  ///< Empty: the system's.
};

struct MailSettings {
    std::string from;
    std::string reply_to;
    std::optional<SmtpSettings> smtp;
};

/// How people sign in. Without it nobody does: whoever reaches the machine may all, and only this
/// machine may listen.
struct SignInSettings {
    bool by_mail{true};     ///< A link that works once, to an address in users.csv.
    int idle_minutes{60};   ///< Without a click; then the session ends.
    int session_hours{12};  ///< It ends then in any case.
    /// A provider of OpenID Connect: Entra ID, Ansattporten, …
    struct OpenId {
        std::string issuer;  ///< https, as it stands in the tokens, to the letter.
        std::string client_id;
        SecretReference client_secret;  ///< None: a public client, proved by PKCE alone.
        std::string claim{"email"};     ///< Says who it is: a user's address or `subject`.
        std::vector<std::string> scopes{"openid", "profile", "email"};
        std::vector<std::string> acr;  ///< Asked for, and one of them demanded; empty: left alone.
        std::vector<std::string> amr;  ///< All of them demanded; empty: left alone.
        Text title;                    ///< On the button: "Logg inn med …".
    };
    std::optional<OpenId> openid;
};

/// When our own people get a digest.
struct DigestTime {
    std::optional<int> weekday;  ///< 0 is Monday; empty: each sending day.
    Seconds at{0};               ///< After local midnight.
};

/// A channel in Microsoft Teams that our own people read. Cards go there through a workflow's
/// webhook.
struct TeamsChannel {
    std::string id;
    SecretReference url;                  ///< The webhook's address lets whoever has it post.
    std::optional<Language> language;     ///< Empty: the installation's.
    std::vector<std::string> programmes;  ///< Whose cases it is told of; empty: all.
    std::optional<DigestTime> digest;
    std::optional<DigestTime> canary;  ///< On a weekday: asks whether anybody sees the cards.
    /// Of workflows; and `address_refused` and `on_hold`.
    std::vector<std::string> events;
    SourcePosition where;
    Places places{};
};
/// What a channel is told of that is no event of a workflow.
inline constexpr std::string_view kRefusedNews = "address_refused";
inline constexpr std::string_view kHoldNews = "on_hold";
/// The card that asks whether anybody sees it, and the mail that nobody said so.
inline constexpr std::string_view kCanaryNews = "canary";
inline constexpr std::string_view kSilenceNews = "channel_silent";

struct Installation {
    Text name;
    std::string organisation;
    std::string time_zone{"Europe/Oslo"};
    Language default_language{Language::Nb};
    std::string calendar{"norway"};
    SendWindow send_window;
    int nag_budget{2};                        ///< Slots per ISO week and address; >= 1.
    std::optional<DigestTime> weekly_digest;  ///< On a weekday.
    int brake{20};  ///< Messages due at once after a gap, reload or first start; >= 1.
    SendingMode sending{SendingMode::Spool};
    std::string redirect_to;
    std::vector<std::string> allowlist;  ///< Domains or whole addresses, lower case.
    std::string public_url{"http://127.0.0.1:8080"};
    std::string listen{"127.0.0.1:8080"};
    std::string operator_listen{"127.0.0.1:8081"};
    std::vector<std::string> trusted_proxies;  ///< Addresses whose X-Forwarded-… is believed.
    std::optional<SignInSettings> sign_in;
    MailSettings mail;
    std::vector<TeamsChannel> teams;  ///< By id.
    std::optional<MailboxSettings> mailbox;
    std::optional<GraphCalendar> graph;  ///< Without it invitations go by mail.
    Places places{};                     ///< Nested keys with dots: "mail.smtp.url".
};

/// How a notice counts (design, promise 7). `Digest` is the summary for our own people, `News` what
/// has just happened, for a channel of theirs; neither has a notice file. `Invitation` brings one
/// person up to date about one meeting, with a calendar entry; it counts as a change.
enum class NoticeKind { Reminder, Answer, Change, Digest, News, Invitation };

/// One notice in both målformer, as written: Markdown with {{variables}}, front matter taken off.
struct Notice {
    struct Twin {
        std::string subject;
        std::string preheader;
        std::string markdown;
        SourcePosition where;  ///< Of the first line of `markdown`; line 0: this twin is missing.
        SourcePosition subject_where{};
        SourcePosition preheader_where{};
    };
    std::string id;
    NoticeKind kind{NoticeKind::Reminder};
    bool resend_when_uncertain{true};
    Twin nb;
    Twin nn;
    [[nodiscard]] const Twin& in(Language language) const {
        return language == Language::Nb ? nb : nn;
    }
};

/// A case that some cohort's requirement calls for, before it exists.
struct PlannedCase {
    std::string id;  ///< COHORT/REQUIREMENT[/PERIOD]/ORGANISATION
    std::string cohort;
    std::string requirement;
    std::string period;  ///< "", "2021", "2021-var", "2021-03"
    std::string debtor;
    std::string creditor;
    Date opens{};
    Deadline due;
};

/// One configuration, whole. Immutable; may be read from any thread.
struct Definitions {
    Installation installation;
    Calendar calendar;
    std::map<std::string, Organisation, std::less<>> organisations;
    std::vector<Contact> contacts;
    std::vector<User> users;
    std::vector<Cohort> cohorts;
    std::vector<Workflow> workflows;  ///< The newest version of each.
    std::map<std::string, Ladder, std::less<>> ladders;
    std::map<std::string, Notice, std::less<>> notices;
    std::string hash;              ///< SHA-256 of all files, hex.
    std::optional<TimeZone> zone;  ///< Always set once loaded.

    /// Builds the indexes below; to be called once, after which nothing changes any more.
    void index();

    [[nodiscard]] const TimeZone& time_zone() const { return *zone; }
    [[nodiscard]] const Organisation* find_organisation(std::string_view id) const;
    [[nodiscard]] const Cohort* find_cohort(std::string_view id) const;
    /// The newest version: what new cases begin with.
    [[nodiscard]] const Workflow* find_workflow(std::string_view id) const;
    /// That version: what a running case stays on until a migration takes it along.
    [[nodiscard]] const Workflow* find_workflow(std::string_view id, int version) const;
    [[nodiscard]] const Ladder* find_ladder(std::string_view id) const;
    [[nodiscard]] const Notice* find_notice(std::string_view id) const;
    [[nodiscard]] const TeamsChannel* find_teams_channel(std::string_view id) const;
    /// The contacts of one organisation, in the order of the file.
    [[nodiscard]] const std::vector<const Contact*>& contacts_of(std::string_view id) const;

 private:
    std::unordered_map<std::string, std::vector<const Contact*>> contacts_by_organisation_;
    std::unordered_map<std::string, const Cohort*> cohorts_by_id_;
};

/// Who owes it: those it names, else all who take part; in order.
[[nodiscard]] std::vector<std::string> debtors_of(const Cohort& cohort,
                                                  const Requirement& requirement);
/// Whether `organisation` is one of them.
[[nodiscard]] bool is_debtor(const Cohort& cohort, const Requirement& requirement,
                             std::string_view organisation);

/// Every case that `cohort` calls for whose period opens on or before `until`; a recurring
/// requirement's periods begin with the first whose opening is not before `first_start`. Ordered by
/// opening day and id. Pure.
[[nodiscard]] std::vector<PlannedCase> planned_cases(const Definitions& definitions,
                                                     const Cohort& cohort, Date first_start,
                                                     Date until);

}  // namespace fristvakt::workflows
