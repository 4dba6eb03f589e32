#include "daemon/configuration/edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "integrations/yaml/document.hpp"
#include "workflows/definition/activities.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/overloaded.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::daemon {

using integrations::contact_key;
using integrations::Layer;
using integrations::LayerKey;
using integrations::put_entry;
using integrations::YamlEntry;
using integrations::YamlNode;
using workflows::Date;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
namespace cal = workflows::cal;

namespace {

Error missing(std::string_view what) {
    return {ErrorKind::NotFound, fmt::format("there is no such {}", what),
            fmt::format("no-{}", what)};
}
Error wrong(std::string_view field, std::string what) {
    return {ErrorKind::InvalidInput, std::move(what), fmt::format("field:{}", field)};
}

LayerKey cohort_key(const std::string& id) {
    return {LayerKey::Kind::Cohort, id};
}

// --- A cohort's file as a tree ---

YamlNode* find(YamlNode& node, std::string_view key) {
    const auto found = std::ranges::find(node.entries, key, &YamlEntry::key);
    return found == node.entries.end() ? nullptr : &found->value;
}

YamlNode scalar(std::string text) {
    YamlNode node;
    node.kind = YamlNode::Kind::Scalar;
    node.text = std::move(text);
    return node;
}

YamlNode mapping(std::vector<std::pair<std::string, std::string>> values) {
    YamlNode node;
    node.kind = YamlNode::Kind::Map;
    for (auto& one : values) {
        node.entries.push_back(
            {.key = std::move(one.first), .value = scalar(std::move(one.second))});
    }
    return node;
}

void put(YamlNode& node, std::string_view key, YamlNode value) {
    if (YamlNode* const found = find(node, key)) {
        *found = std::move(value);
    } else {
        node.entries.push_back({.key = std::string{key}, .value = std::move(value)});
    }
}

void take_out(YamlNode& node, std::string_view key) {
    std::erase_if(node.entries, [&](const YamlEntry& entry) { return entry.key == key; });
}

std::string text_at(YamlNode& node, std::string_view key) {
    const YamlNode* const found = find(node, key);
    return found == nullptr ? std::string{} : found->text;
}

/// A participant is written as an id, or as a map with more about it.
std::string organisation_of(YamlNode& participant) {
    return participant.kind == YamlNode::Kind::Map ? text_at(participant, "organisation")
                                                   : participant.text;
}

std::optional<YamlNode> tree_of(const std::string& text) {
    std::vector<workflows::Diagnostic> ignored;
    return text.empty() ? std::nullopt : integrations::parse_yaml(text, "", ignored);
}

YamlNode due_node(const DueText& due) {
    return due.is_semesters() ? mapping({{"spring", due.spring}, {"autumn", due.autumn}})
                              : scalar(due.due);
}

bool is_month_day(std::string_view text) {
    // Any leap year: whether the day may be used is for the verifier to say.
    return text.size() == 5 && workflows::parse_iso_date(fmt::format("2024-{}", text)).has_value();
}

bool is_due(std::string_view text) {
    return is_month_day(text) || workflows::parse_deadline(text).ok();
}

bool is_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// One edit on its way into a layer.
class Editor {
 public:
    explicit Editor(const Present& present) : present_(present), layer_(present.layer) {}

    Result<Layer> operator()(const CohortCopy& copy);
    Result<Layer> operator()(const ParticipantAdded& added);
    Result<Layer> operator()(const ParticipantEnded& ended);
    Result<Layer> operator()(const DeadlineMoved& moved);
    Result<Layer> operator()(const RequirementTakenOut& taken);
    Result<Layer> operator()(const MeetingDated& dated);
    Result<Layer> operator()(const ActivityChanged& changed);
    Result<Layer> operator()(const ActivityTakenOut& taken);
    Result<Layer> operator()(const ContactChanged& changed);
    Result<Layer> operator()(const ContactsImported& imported);
    Result<Layer> operator()(const ConflictSettled& settled);

 private:
    Result<Layer> put_cohort(const std::string& id, const YamlNode& root) {
        put_entry(layer_, present_.folder, cohort_key(id), integrations::write_yaml(root));
        return std::move(layer_);
    }
    void put_rows(const LayerKey& key, const std::vector<std::vector<std::string>>& rows) {
        std::string text;
        for (const auto& row : rows) {
            text += integrations::csv_row(row);
        }
        put_entry(layer_, present_.folder, key, std::move(text));
    }
    [[nodiscard]] std::vector<std::vector<std::string>> rows_at(const LayerKey& key) const {
        const Present now{present_.folder, layer_};
        return integrations::csv_rows(LayerKey::Kind::Contact, now.text_of(key));
    }

    const Present& present_;
    Layer layer_;
};

Result<Layer> Editor::operator()(const CohortCopy& copy) {
    auto root = tree_of(present_.text_of(cohort_key(copy.from_cohort)));
    if (!root) {
        return missing("cohort");
    }
    if (!is_id(copy.id)) {
        return wrong("id", "the id must be a-z, 0-9 and hyphens");
    }
    if (!present_.text_of(cohort_key(copy.id)).empty()) {
        return Error{ErrorKind::Conflict, "there is a cohort " + copy.id + " already", "exists"};
    }
    if (copy.to < copy.from) {
        return wrong("to", "the period ends before it begins");
    }
    if (copy.participants.empty()) {
        return wrong("participants", "nobody takes part");
    }
    put(*root, "cohort", scalar(copy.id));
    put(*root, "period",
        mapping({{"from", workflows::iso_date(copy.from)}, {"to", workflows::iso_date(copy.to)}}));
    if (YamlNode* const participants = find(*root, "participants")) {
        // Those who stay keep what their entry says besides; new ones come last.
        std::vector<YamlNode> items;
        for (const std::string& id : copy.participants) {
            const auto known = std::ranges::find(
                participants->items, id, [](YamlNode& item) { return organisation_of(item); });
            items.push_back(known == participants->items.end() ? scalar(id) : *known);
        }
        participants->items = std::move(items);
    }
    if (YamlNode* const requirements = find(*root, "requirements")) {
        std::erase_if(requirements->items, [&](YamlNode& item) {
            const auto wanted = copy.requirements.find(text_at(item, "id"));
            return wanted == copy.requirements.end() || !wanted->second.included;
        });
        if (requirements->items.empty()) {
            return wrong("requirements", "nothing is required");
        }
        for (YamlNode& item : requirements->items) {
            const std::string id = text_at(item, "id");
            const CohortCopy::Requirement& wanted = copy.requirements.at(id);
            for (const auto& [key, text] :
                 {std::pair{"due", wanted.due}, {"opens", wanted.opens}}) {
                if (text.empty()) {
                    continue;
                }
                if (!is_due(text)) {
                    return wrong(fmt::format("{}:{}", key, id), "this is no date");
                }
                put(item, key, scalar(text));
            }
            if (YamlNode* const deliver = find(item, "deliver")) {
                take_out(*deliver, "case_number");
                if (!wanted.case_number.empty()) {
                    put(*deliver, "case_number", scalar(wanted.case_number));
                }
            } else if (!wanted.case_number.empty()) {
                put(item, "deliver", mapping({{"case_number", wanted.case_number}}));
            }
        }
    }
    if (YamlNode* const meetings = find(*root, "meetings")) {
        // Last time's dates; those of this time are yet to be set. What was held once and without a
        // day by which its date was to stand would be asked for by nobody.
        for (YamlNode& meeting : meetings->items) {
            take_out(meeting, "dates");
        }
        std::erase_if(meetings->items,
                      [](YamlNode& meeting) { return find(meeting, "every") == nullptr; });
        if (meetings->items.empty()) {
            take_out(*root, "meetings");
        }
    }
    return put_cohort(copy.id, *root);
}

Result<Layer> Editor::operator()(const ParticipantAdded& added) {
    auto root = tree_of(present_.text_of(cohort_key(added.cohort)));
    if (!root) {
        return missing("cohort");
    }
    YamlNode participants;
    participants.kind = YamlNode::Kind::Sequence;
    if (const YamlNode* const known = find(*root, "participants")) {
        participants = *known;
    }
    participants.kind = YamlNode::Kind::Sequence;
    if (std::ranges::any_of(participants.items, [&](YamlNode& item) {
            return organisation_of(item) == added.organisation;
        })) {
        return Error{ErrorKind::Conflict, added.organisation + " takes part already", "exists"};
    }
    participants.items.push_back(scalar(added.organisation));
    put(*root, "participants", std::move(participants));
    return put_cohort(added.cohort, *root);
}

Result<Layer> Editor::operator()(const ParticipantEnded& ended) {
    auto root = tree_of(present_.text_of(cohort_key(ended.cohort)));
    YamlNode* const participants = root ? find(*root, "participants") : nullptr;
    if (participants == nullptr) {
        return missing("cohort");
    }
    const auto gone = std::erase_if(participants->items, [&](YamlNode& item) {
        return organisation_of(item) == ended.organisation;
    });
    if (gone == 0) {
        return missing("participant");
    }
    if (participants->items.empty()) {
        return Error{ErrorKind::Conflict, "nobody would take part any more", "last"};
    }
    return put_cohort(ended.cohort, *root);
}

/// The item of the list `key` whose `field` says `value`.
YamlNode* find_item(YamlNode& root, std::string_view key, std::string_view field,
                    const std::string& value) {
    YamlNode* const list = find(root, key);
    if (list == nullptr) {
        return nullptr;
    }
    const auto found =
        std::ranges::find(list->items, value, [&](YamlNode& item) { return text_at(item, field); });
    return found == list->items.end() ? nullptr : &*found;
}

YamlNode* find_requirement(YamlNode& root, const std::string& id) {
    return find_item(root, "requirements", "id", id);
}

/// The first field of a meeting's date that cannot be right; empty when all may be.
std::string problem_in_date(const MeetingDated& dated) {
    const auto start = workflows::parse_local_time(dated.start);
    const auto end = workflows::parse_local_time(dated.end);
    if (!start) {
        return "start";
    }
    if (!end || *end <= *start) {
        return "end";
    }
    constexpr std::size_t kLineMax = 500;
    for (const auto& [name, text] :
         {std::pair{"place", &dated.place}, std::pair{"cancelled", &dated.cancelled}}) {
        if (text->size() > kLineMax) {
            return std::string{name} + "/too-long";
        }
    }
    return dated.id.empty() || is_id(dated.id) ? "" : "id";
}

Result<Layer> Editor::operator()(const MeetingDated& dated) {
    auto root = tree_of(present_.text_of(cohort_key(dated.cohort)));
    if (!root) {
        return missing("cohort");
    }
    YamlNode* const meeting = find_item(*root, "meetings", "id", dated.meeting);
    if (meeting == nullptr) {
        return missing("meeting");
    }
    YamlNode* date = find_item(*meeting, "dates", "start", dated.old_start);
    if (!dated.old_start.empty() && date == nullptr) {
        return missing("date");
    }
    if (dated.start.empty()) {
        if (date == nullptr) {
            return missing("date");
        }
        YamlNode& dates = *find(*meeting, "dates");
        dates.items.erase(dates.items.begin() + (date - dates.items.data()));
        if (dates.items.empty()) {
            take_out(*meeting, "dates");
        }
        return put_cohort(dated.cohort, *root);
    }
    if (const std::string problem = problem_in_date(dated); !problem.empty()) {
        return wrong(problem, "this is no time of a meeting");
    }
    if (date == nullptr) {
        if (find(*meeting, "dates") == nullptr) {
            YamlNode none;
            none.kind = YamlNode::Kind::Sequence;
            put(*meeting, "dates", std::move(none));
        }
        YamlNode& dates = *find(*meeting, "dates");
        dates.kind = YamlNode::Kind::Sequence;
        dates.items.push_back(mapping({}));
        date = &dates.items.back();
        if (!dated.id.empty()) {
            put(*date, "id", scalar(dated.id));
        }
    }
    put(*date, "start", scalar(dated.start));
    put(*date, "end", scalar(dated.end));
    for (const auto& [key, text] :
         {std::pair{"place", dated.place}, {"cancelled", dated.cancelled}}) {
        if (text.empty()) {
            take_out(*date, key);
        } else {
            put(*date, key, scalar(text));
        }
    }
    return put_cohort(dated.cohort, *root);
}

Result<Layer> Editor::operator()(const DeadlineMoved& moved) {
    auto root = tree_of(present_.text_of(cohort_key(moved.cohort)));
    if (!root) {
        return missing("cohort");
    }
    YamlNode* const requirement = find_requirement(*root, moved.requirement);
    if (requirement == nullptr) {
        return missing("requirement");
    }
    if (moved.due.is_semesters()) {
        for (const auto& [field, text] :
             {std::pair{"spring", moved.due.spring}, {"autumn", moved.due.autumn}}) {
            if (!is_month_day(text)) {
                return wrong(field, "write MM-DD");
            }
        }
    } else if (!is_due(moved.due.due)) {
        return wrong("due", "this is no deadline");
    }
    put(*requirement, "due", due_node(moved.due));
    return put_cohort(moved.cohort, *root);
}

Result<Layer> Editor::operator()(const RequirementTakenOut& taken) {
    auto root = tree_of(present_.text_of(cohort_key(taken.cohort)));
    if (!root) {
        return missing("cohort");
    }
    if (find_requirement(*root, taken.requirement) == nullptr) {
        return missing("requirement");
    }
    YamlNode& requirements = *find(*root, "requirements");
    std::erase_if(requirements.items,
                  [&](YamlNode& item) { return text_at(item, "id") == taken.requirement; });
    if (requirements.items.empty()) {
        return Error{ErrorKind::Conflict, "nothing would be required any more", "last"};
    }
    return put_cohort(taken.cohort, *root);
}

// --- Rows ---

std::vector<std::string> columns(LayerKey::Kind kind = LayerKey::Kind::Contact) {
    std::vector<std::string> out;
    std::string header = integrations::header_of(kind) + ",";
    for (std::size_t start = 0, comma = header.find(','); comma != std::string::npos;
         start = comma + 1, comma = header.find(',', start)) {
        out.push_back(header.substr(start, comma - start));
    }
    return out;
}

std::size_t column(std::string_view name, LayerKey::Kind kind = LayerKey::Kind::Contact) {
    const auto all = columns(kind);
    return static_cast<std::size_t>(std::ranges::find(all, name) - all.begin());
}

std::string cell(const ContactCells& cells, std::string_view name) {
    const auto found = cells.find(name);
    return found == cells.end() ? std::string{} : found->second;
}

std::vector<std::string> row_of(const ContactCells& cells) {
    std::vector<std::string> row;
    for (const std::string& name : columns()) {
        row.push_back(cell(cells, name));
    }
    return row;
}

/// The role has ended before today.
void end_before(std::vector<std::string>& row, Date today) {
    const std::string yesterday = workflows::iso_date(today - cal::days{1});
    row[column("to")] = yesterday;
    if (row[column("from")] > yesterday) {
        row[column("from")] = yesterday;
    }
}

Result<Layer> Editor::operator()(const ContactChanged& changed) {
    if (const auto problem = problem_in_contact(changed.cells)) {
        return wrong(*problem, "this cannot be right");
    }
    const LayerKey key =
        contact_key(cell(changed.cells, "organisation"), cell(changed.cells, "email"));
    auto rows = rows_at(key);
    if (!changed.old) {
        if (std::ranges::find(rows, row_of(changed.cells)) != rows.end()) {
            return Error{ErrorKind::Conflict, "this row stands there already", "exists"};
        }
        rows.push_back(row_of(changed.cells));
        put_rows(key, rows);
        return std::move(layer_);
    }
    auto old_rows = rows_at(*changed.old);
    if (changed.row >= old_rows.size()) {
        return missing("contact");
    }
    if (*changed.old == key) {
        rows[changed.row] = row_of(changed.cells);
        put_rows(key, rows);
        return std::move(layer_);
    }
    // Another person or address. Where the folder has the old row it cannot go; its time is over.
    if (present_.folder.contains(*changed.old)) {
        end_before(old_rows[changed.row], changed.today);
    } else {
        old_rows.erase(old_rows.begin() + static_cast<std::ptrdiff_t>(changed.row));
    }
    put_rows(*changed.old, old_rows);
    rows.push_back(row_of(changed.cells));
    put_rows(key, rows);
    return std::move(layer_);
}

// --- An activity plan ---

/// The rows of a cohort's plan as they count now.
class PlanTable {
 public:
    explicit PlanTable(const std::string& text)
        : rows_(integrations::csv_rows(LayerKey::Kind::Plan, text)) {}

    /// The index of a row; nothing when there is none with that id.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& id) const {
        const auto found =
            std::ranges::find(rows_, id, [](const Cells& cells) { return id_of(cells); });
        return found == rows_.end()
                   ? std::nullopt
                   : std::optional{static_cast<std::size_t>(found - rows_.begin())};
    }
    void change(std::size_t index, const ActivityCells& cells) {
        Cells& row = rows_[index];
        const std::string id = id_of(row);
        write(row, cells);
        if (id_of(row) != id) {
            row[column("id", LayerKey::Kind::Plan)] = id;  // Its cases are named by it.
        }
    }
    void add(const ActivityCells& cells, const workflows::ActivityDates& dates) {
        Cells row(columns(LayerKey::Kind::Plan).size());
        write(row, cells);
        const std::string wanted = id_of(row);
        for (int i = 2; find(id_of(row)); ++i) {
            row[column("id", LayerKey::Kind::Plan)] = wanted + "-" + std::to_string(i);
        }
        auto behind = rows_.end();
        while (behind != rows_.begin() && begins_after(*std::prev(behind), dates)) {
            --behind;
        }
        rows_.insert(behind, std::move(row));
    }
    void take_out(std::size_t index) {
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    [[nodiscard]] std::string text() const {
        std::string out = integrations::header_of(LayerKey::Kind::Plan) + "\n";
        for (const Cells& row : rows_) {
            out += integrations::csv_row(row);
        }
        return out;
    }

 private:
    using Cells = std::vector<std::string>;

    static std::string id_of(const Cells& row) {
        const std::string& own = row[column("id", LayerKey::Kind::Plan)];
        return own.empty() ? workflows::id_from(row[column("what", LayerKey::Kind::Plan)]) : own;
    }
    static void write(Cells& row, const ActivityCells& cells) {
        for (const auto& [name, text] : cells) {
            if (const std::size_t at = column(name, LayerKey::Kind::Plan); at < row.size()) {
                row[at] = text;
            }
        }
    }
    static bool begins_after(const Cells& row, const workflows::ActivityDates& dates) {
        const auto own = workflows::parse_activity_dates(row[column("when", LayerKey::Kind::Plan)]);
        return own.ok() && dates.spans.front().first < own.value().spans.front().first;
    }

    std::vector<Cells> rows_;
};

/// What is wrong with a row as it would stand in the table, else when it is.
Result<workflows::ActivityDates> dates_in(const ActivityCells& cells) {
    constexpr std::size_t kCellMax = 200;
    for (const auto& [name, text] : cells) {
        if (text.size() > kCellMax) {
            return wrong(name + "/too-long", "this is too long");
        }
    }
    const std::string what = cell(cells, "what");
    if (workflows::id_from(what).empty()) {
        return wrong("what", "the row has no name");
    }
    auto dates = workflows::parse_activity_dates(cell(cells, "when"));
    if (!dates.ok()) {
        return wrong("when/" + dates.error().code, dates.error().message);
    }
    const std::string kind = cell(cells, "kind");
    const bool is_delivery = kind == "delivery" || kind == "suggestions";
    if (!is_delivery && kind != "meeting" && kind != "course") {
        return wrong("kind", "there is no such kind");
    }
    const auto& spans = dates.value().spans;
    if (is_delivery && spans.size() > 1) {
        return wrong("when/one-deadline", "a delivery has one deadline");
    }
    if (!is_delivery && std::ranges::any_of(spans, [](const workflows::DaySpan& span) {
            return span.from && !span.until;
        })) {
        return wrong("when/no-end", "it says when this begins and not when it ends");
    }
    constexpr workflows::cal::days kLongestMeeting{31};
    if (!is_delivery && std::ranges::any_of(spans, [&](const workflows::DaySpan& span) {
            return span.last - span.first >= kLongestMeeting;
        })) {
        return wrong("when/longer-than-a-month", "the meeting is longer than a month");
    }
    if (cell(cells, "who").empty()) {
        return wrong("who", "nobody is named");
    }
    if (is_delivery && !cell(cells, "cancelled").empty()) {
        return wrong("cancelled/delivery", "a delivery is not cancelled");
    }
    return dates;
}

Result<Layer> Editor::operator()(const ActivityChanged& changed) {
    const LayerKey key{LayerKey::Kind::Plan, changed.cohort};
    if (present_.text_of(cohort_key(changed.cohort)).empty()) {
        return missing("cohort");
    }
    const auto dates = dates_in(changed.cells);
    if (!dates.ok()) {
        return dates.error();
    }
    PlanTable table{present_.text_of(key)};
    if (changed.activity.empty()) {
        table.add(changed.cells, dates.value());
    } else if (const auto row = table.find(changed.activity)) {
        table.change(*row, changed.cells);
    } else {
        return missing("activity");
    }
    put_entry(layer_, present_.folder, key, table.text());
    return std::move(layer_);
}

Result<Layer> Editor::operator()(const ActivityTakenOut& taken) {
    const LayerKey key{LayerKey::Kind::Plan, taken.cohort};
    PlanTable table{present_.text_of(key)};
    const auto row = table.find(taken.activity);
    if (!row) {
        return missing("activity");
    }
    table.take_out(*row);
    put_entry(layer_, present_.folder, key, table.text());
    return std::move(layer_);
}

Result<Layer> Editor::operator()(const ContactsImported& imported) {
    std::map<LayerKey, std::vector<std::vector<std::string>>> rows;
    for (std::size_t i = 0; i < imported.rows.size(); ++i) {
        const ContactCells& cells = imported.rows[i];
        if (const auto problem = problem_in_contact(cells)) {
            return wrong("table", fmt::format("row {}: {}", i + 1, *problem));
        }
        rows[contact_key(cell(cells, "organisation"), cell(cells, "email"))].push_back(
            row_of(cells));
    }
    if (rows.empty()) {
        return wrong("table", "the table is empty");
    }
    for (const auto& [key, of_one] : rows) {
        put_rows(key, of_one);
    }
    return std::move(layer_);
}

Result<Layer> Editor::operator()(const ConflictSettled& settled) {
    const auto own = layer_.own.find(settled.key);
    if (own == layer_.own.end()) {
        return missing("conflict");
    }
    put_entry(layer_, present_.folder, settled.key,
              settled.keep_own ? std::string{own->second.text} : std::string{});
    return std::move(layer_);
}

Date years_later(Date day, int years) {
    const cal::year_month_day old{day};
    cal::year_month_day moved = old + cal::years{years};
    if (!moved.ok()) {
        moved = moved.year() / moved.month() / cal::last;
    }
    return workflows::working_day_on_or_after(Date{cal::local_days{moved}});
}

/// The same expression some years later; empty when it names no year.
std::string moved_text(const std::optional<workflows::DeadlineExpression>& expression, int years) {
    if (!expression) {
        return {};
    }
    workflows::DeadlineExpression moved = *expression;
    if (auto* const day = std::get_if<Date>(&moved.anchor)) {
        *day = years_later(*day, years);
    } else if (auto* const time = std::get_if<workflows::LocalTime>(&moved.anchor)) {
        const Date old = cal::floor<cal::days>(*time);
        *time = workflows::LocalTime{years_later(old, years)} + (*time - workflows::LocalTime{old});
    } else {
        return {};
    }
    return to_string(moved);
}

}  // namespace

std::string Present::text_of(const LayerKey& key) const {
    if (const auto own = layer.own.find(key); own != layer.own.end()) {
        return own->second.text;
    }
    const auto found = folder.find(key);
    return found == folder.end() ? std::string{} : found->second.text;
}

std::vector<LayerKey> keys_of(const Edit& edit) {
    using Keys = std::vector<LayerKey>;
    return std::visit(
        workflows::Overloaded{
            [](const CohortCopy& one) { return Keys{cohort_key(one.from_cohort)}; },
            [](const ContactChanged& one) {
                return Keys{one.old ? *one.old
                                    : contact_key(cell(one.cells, "organisation"),
                                                  cell(one.cells, "email"))};
            },
            [](const ContactsImported& one) {
                Keys keys;
                for (const ContactCells& cells : one.rows) {
                    keys.push_back(contact_key(cell(cells, "organisation"), cell(cells, "email")));
                }
                return keys;
            },
            [](const ConflictSettled& one) { return Keys{one.key}; },
            [](const ActivityChanged& one) {
                return Keys{{LayerKey::Kind::Plan, one.cohort}};
            },
            [](const ActivityTakenOut& one) {
                return Keys{{LayerKey::Kind::Plan, one.cohort}};
            },
            [](const auto& one) { return Keys{cohort_key(one.cohort)}; }},
        edit);
}

std::optional<std::string> problem_in_contact(const ContactCells& cells) {
    if (cell(cells, "organisation").empty()) {
        return "organisation";
    }
    if (cell(cells, "name").empty()) {
        return "name";
    }
    if (!workflows::is_mail_address(cell(cells, "email"))) {
        return "email";
    }
    const std::string roles = cell(cells, "roles");
    if (roles.empty() || !std::ranges::all_of(roles, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                   c == ' ';
        })) {
        return "roles";
    }
    for (const char* const name : {"from", "to"}) {
        const std::string text = cell(cells, name);
        if (!text.empty() && !workflows::parse_iso_date(text)) {
            return name;
        }
    }
    const auto from = workflows::parse_iso_date(cell(cells, "from"));
    const auto to = workflows::parse_iso_date(cell(cells, "to"));
    if (from && to && *to < *from) {
        return "to";
    }
    const std::string language = cell(cells, "language");
    if (!language.empty() && language != "nb" && language != "nn") {
        return "language";
    }
    return std::nullopt;
}

Result<Layer> apply(const Edit& edit, const Present& present) {
    return std::visit(Editor{present}, edit);
}

CohortCopy suggest_copy(const workflows::Cohort& cohort, Date from) {
    const cal::year_month_day begins{cohort.from};
    const int years =
        static_cast<int>(cal::year_month_day{from}.year()) - static_cast<int>(begins.year());
    CohortCopy copy{.from_cohort = cohort.id,
                    .id = {},
                    .from = from,
                    .to = from + (cohort.to - cohort.from),
                    .participants = {},
                    .requirements = {}};
    // A period of whole years ends on the same day of its last one, whatever lies between.
    if (const cal::year_month_day ends = cal::year_month_day{cohort.to} + cal::years{years};
        ends.ok() && from == Date{cal::local_days{begins + cal::years{years}}}) {
        copy.to = Date{cal::local_days{ends}};
    }
    for (const workflows::Participant& participant : cohort.participants) {
        copy.participants.push_back(participant.organisation);
    }
    for (const workflows::Requirement& requirement : cohort.requirements) {
        if (requirement.origin != workflows::Requirement::Origin::Requirement) {
            continue;  // Comes with its meeting.
        }
        if (!requirement.activity.empty()) {
            continue;  // Stands in the plan, which is another one next time.
        }
        CohortCopy::Requirement copied;
        copied.due = moved_text(requirement.due.expression, years);
        copied.opens =
            requirement.opens ? moved_text(requirement.opens->expression, years) : std::string{};
        copy.requirements.emplace(requirement.id, std::move(copied));
    }
    return copy;
}

DueText due_text(const workflows::DueRule& rule) {
    const auto month_day = [](const std::optional<cal::month_day>& day) {
        return day ? fmt::format("{:02}-{:02}", static_cast<unsigned>(day->month()),
                                 static_cast<unsigned>(day->day()))
                   : std::string{};
    };
    if (rule.expression) {
        return {.due = to_string(*rule.expression), .spring = {}, .autumn = {}};
    }
    return {.due = month_day(rule.day),
            .spring = month_day(rule.spring),
            .autumn = month_day(rule.autumn)};
}

}  // namespace fristvakt::daemon
