#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/yaml/csv.hpp"
#include "integrations/yaml/document.hpp"
#include "integrations/yaml/reader.hpp"

/// One reader for each kind of file in a configuration folder. A thing that could not be read whole
/// is left out and named in Draft::unreadable, so that nothing else trips over its absence.
namespace fristvakt::integrations {

/// A configuration while it is being read.
struct Draft {
    workflows::Definitions definitions;
    workflows::Unreadable unreadable;
    std::map<std::string, workflows::Calendar> calendars;
    std::map<std::string, SourcePosition> calendar_places;
    workflows::Unreadable::Ids unreadable_calendars;
    /// `send_window.avoid`, resolved once the calendar is there.
    std::vector<std::pair<std::string, SourcePosition>> avoid;
    /// Activity plans by cohort, with the place of each table; joined once the cohorts are there.
    std::map<std::string, std::pair<std::vector<workflows::Activity>, SourcePosition>> plans;
};

void read_installation(const YamlNode& root, Findings& findings, Draft& draft);
/// {day: mon, at: "07:30"}.
[[nodiscard]] std::optional<workflows::DigestTime> read_weekly_time(Findings& findings,
                                                                    const YamlNode& node);
/// The value of `teams`.
void read_teams(Findings& findings, const YamlNode& node, workflows::Installation& installation);
/// The value of `mailbox`.
void read_mailbox(Findings& findings, const YamlNode& node, workflows::Installation& installation);
/// The value of `graph`.
void read_graph(Findings& findings, const YamlNode& node, workflows::Installation& installation);
void read_workflow(const YamlNode& root, Findings& findings, Draft& draft);
void read_ladder(const YamlNode& root, Findings& findings, Draft& draft);
void read_calendar(const YamlNode& root, Findings& findings, Draft& draft);
void read_programme(const YamlNode& root, Findings& findings, Draft& draft);
void read_organisations(std::string_view text, Findings& findings, Draft& draft);
void read_contacts(std::string_view text, Findings& findings, Draft& draft);
/// Rows that could be read whole, behind those that are there.
void read_activities(std::string_view text, Findings& findings,
                     std::vector<workflows::Activity>& activities);
void read_users(std::string_view text, Findings& findings, Draft& draft);

[[nodiscard]] CsvColumns organisation_columns();
[[nodiscard]] CsvColumns contact_columns();
[[nodiscard]] CsvColumns activity_columns();

/// The value of a top-level key of a file that may otherwise be unreadable: the id it defines.
[[nodiscard]] std::string declared_id(const YamlNode& root, std::string_view key);

/// One målform of a notice, before the twins meet.
struct NoticeFile {
    workflows::Notice::Twin twin;
    std::optional<workflows::NoticeKind> kind;
    bool resend_when_uncertain{true};
    SourcePosition kind_where;
    SourcePosition uncertain_where;
};
/// Nothing after a finding.
[[nodiscard]] std::optional<NoticeFile> read_notice(std::string_view text, Findings& findings);

}  // namespace fristvakt::integrations
