#include "daemon/configuration/programme_desk.hpp"

#include <algorithm>
#include <functional>

#include "daemon/access/rights.hpp"
#include "daemon/configuration/durable_folder.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/each_case.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::ConfigurationFiles;
using integrations::Layer;
using integrations::LayerConflict;
using integrations::LayerKey;
using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

/// At least so far ahead, and to the last deadline that an edit touches; never further than that.
constexpr workflows::cal::days kAheadMin{400};
constexpr workflows::cal::days kAheadMax{366 * 4};
constexpr workflows::cal::days kAfterDeadline{90};

Error not_allowed() {
    return {ErrorKind::Forbidden, "your role does not allow this", "forbidden"};
}

bool is_of_cohort(const LayerKey& key) {
    return key.kind == LayerKey::Kind::Cohort || key.kind == LayerKey::Kind::Plan;
}

/// The cohort that an edit is about; empty for contacts.
std::string cohort_of(const Edit& edit) {
    if (const auto* const copy = std::get_if<CohortCopy>(&edit)) {
        return copy->from_cohort;
    }
    const auto keys = keys_of(edit);
    return !keys.empty() && is_of_cohort(keys.front()) ? keys.front().id : std::string{};
}

Instant horizon(const Definitions& after, const std::string& cohort_id, Instant now) {
    const auto& zone = after.time_zone();
    const workflows::Date today = zone.date_of(now);
    workflows::Date last = today + kAheadMin;
    if (const auto* const cohort = after.find_cohort(cohort_id)) {
        for (const auto& opening : workflows::openings_of(after, today)) {
            if (opening.cohort == cohort) {
                last = std::max(last, opening.due.date + kAfterDeadline);
            }
        }
    }
    return zone.start_of_day(std::min(last, today + kAheadMax));
}

bool is_called_for(const workflows::Case& item, const Definitions& definitions) {
    return workflows::asks_its_debtor(item, definitions) &&
           workflows::configured_due(item, definitions);
}

Result<std::vector<std::string>> ids_of(const workflows::CaseFilter& filter,
                                        workflows::Snapshot& snapshot,
                                        const std::function<bool(const workflows::Case&)>& is_one) {
    std::vector<std::string> out;
    const auto read = workflows::each_case(snapshot, filter, [&](const workflows::Case& item) {
        if (is_one(item)) {
            out.push_back(item.id);
        }
        return workflows::Status{workflows::Done{}};
    });
    if (!read.ok()) {
        return read.error();
    }
    return out;
}

Result<std::vector<std::string>> withdrawn_by(const Definitions& before, const Definitions& after,
                                              workflows::Snapshot& snapshot) {
    workflows::CaseFilter filter;
    filter.final = false;
    return ids_of(filter, snapshot, [&](const workflows::Case& item) {
        return is_called_for(item, before) && !is_called_for(item, after);
    });
}

/// The cases that a configuration has taken out and `after` calls for again.
Result<std::vector<std::string>> reopened_by(const Definitions& after,
                                             workflows::Snapshot& snapshot) {
    workflows::CaseFilter filter;
    filter.final = true;
    filter.state = "withdrawn";
    return ids_of(filter, snapshot, [&](const workflows::Case& item) {
        return item.undo && item.undo->by_configuration && is_called_for(item, after);
    });
}

std::vector<workflows::Diagnostic> new_warnings(const Definitions& before,
                                                const Definitions& after) {
    std::multiset<std::string> known;
    for (const workflows::Diagnostic& one : workflows::verify(before)) {
        known.insert(one.message);  // Not where it stands: an edit writes its file anew.
    }
    std::vector<workflows::Diagnostic> out;
    for (workflows::Diagnostic& one : workflows::verify(after)) {
        if (const auto same = known.find(one.message); same != known.end()) {
            known.erase(same);
        } else if (one.severity == workflows::Severity::Warning) {
            out.push_back(std::move(one));
        }
    }
    return out;
}

std::vector<ContactCells> cells_of(std::string_view text) {
    const std::string header = integrations::header_of(LayerKey::Kind::Contact);
    std::vector<ContactCells> out;
    for (const auto& row : integrations::csv_rows(LayerKey::Kind::Contact, text)) {
        ContactCells cells;
        std::size_t start = 0;
        for (const std::string& value : row) {
            const std::size_t end = std::min(header.find(',', start), header.size());
            cells.emplace(header.substr(start, end - start), value);
            start = end + 1;
        }
        out.push_back(std::move(cells));
    }
    return out;
}

/// How many rows of contacts an edit adds, changes and leaves as they are.
void count_contacts(const Edit& edit, const Present& before, const Present& after, Proposal& out) {
    std::set<LayerKey> counted;
    for (const LayerKey& key : keys_of(edit)) {
        if (key.kind != LayerKey::Kind::Contact || !counted.insert(key).second) {
            continue;
        }
        const std::string old = before.text_of(key);
        const std::string now = after.text_of(key);
        const auto rows = integrations::csv_rows(key.kind, now).size();
        (old.empty()  ? out.contacts_new
         : old == now ? out.contacts_same
                      : out.contacts_changed) += rows;
    }
}

}  // namespace

ProgrammeDesk::ProgrammeDesk(Options options, EngineAccess& engine, ConfigurationFiles folder,
                             Layer layer)
    : options_(std::move(options)),
      engine_(engine),
      folder_(std::move(folder)),
      entries_(integrations::entries_of(folder_)),
      layer_(std::move(layer)),
      conflicts_(integrations::lay_over(folder_, layer_).conflicts) {
    if (!conflicts_.empty()) {
        waiting_folder_ = folder_;
    }
}

Status ProgrammeDesk::reload() {
    const std::scoped_lock lock{mutex_};
    auto files = configuration_files(options_.config);
    if (!files.ok()) {
        return files.error();
    }
    auto layer = layer_in(options_.state);
    if (!layer.ok()) {
        return layer.error();
    }
    const Whole whole = load_whole(files.value(), layer.value());
    if (!whole.loaded.definitions) {
        if (!whole.conflicts.empty()) {
            conflicts_ = whole.conflicts;
            waiting_folder_ = std::move(files).value();
        }
        return Error{ErrorKind::InvalidInput, errors_of(whole.loaded)};
    }
    if (Status used = options_.use(whole.loaded, std::nullopt); !used.ok()) {
        return used;
    }
    folder_ = std::move(files).value();
    entries_ = integrations::entries_of(folder_);
    layer_ = std::move(layer).value();
    conflicts_.clear();
    waiting_folder_.reset();
    return Done{};
}

std::string ProgrammeDesk::version_of(const Edit& edit) const {
    const std::scoped_lock lock{mutex_};
    return version_now(edit);
}

std::string ProgrammeDesk::version_now(const Edit& edit) const {
    const Present present{entries_, layer_};
    std::string all;
    for (const LayerKey& key : keys_of(edit)) {
        all += to_string(key) + "\n" + key.id + "\n" + present.text_of(key) + "\n";
    }
    if (const auto* const settled = std::get_if<ConflictSettled>(&edit)) {
        // Both sides were shown.
        const auto conflict = std::ranges::find(conflicts_, settled->key, &LayerConflict::key);
        all += conflict == conflicts_.end() ? std::string{} : conflict->folder;
    }
    return workflows::sha256_hex(all).substr(0, 20);
}

Status ProgrammeDesk::allow(const EditRequest& request) const {
    const auto whole = engine_.definitions();
    if (whole == nullptr) {
        return Error{ErrorKind::Unavailable, "the program is starting; try again in a moment"};
    }
    if (may(request.visitor, Right::Plan)) {
        return Done{};
    }
    if (std::holds_alternative<ConflictSettled>(request.edit)) {
        return not_allowed();
    }
    for (const LayerKey& key : keys_of(request.edit)) {
        if (is_of_cohort(key)) {
            const auto* const cohort = whole->find_cohort(key.id);
            if (cohort == nullptr || !may(request.visitor, Right::Read, *cohort, *whole)) {
                return Error{ErrorKind::NotFound, "no such cohort", "no-cohort"};
            }
            if (!may(request.visitor, Right::Plan, *cohort, *whole)) {
                return not_allowed();
            }
            continue;
        }
        const auto* const organisation =
            whole->find_organisation(key.id.substr(0, key.id.find('/')));
        if (organisation == nullptr || !may(request.visitor, Right::Plan, *organisation, *whole)) {
            return not_allowed();
        }
    }
    if (const auto* const changed = std::get_if<ContactChanged>(&request.edit)) {
        // To another organisation: both are theirs.
        const auto to = changed->cells.find("organisation");
        const auto* const organisation =
            to == changed->cells.end() ? nullptr : whole->find_organisation(to->second);
        if (organisation == nullptr || !may(request.visitor, Right::Plan, *organisation, *whole)) {
            return not_allowed();
        }
    }
    return Done{};
}

Result<ProgrammeDesk::Draft> ProgrammeDesk::draft(const EditRequest& request) const {
    if (const Status allowed = allow(request); !allowed.ok()) {
        return allowed.error();
    }
    const bool settles = std::holds_alternative<ConflictSettled>(request.edit);
    if (!conflicts_.empty() && !settles) {
        return Error{ErrorKind::Conflict, "there are conflicts, which come first", "unsettled"};
    }
    if (!request.seen.empty() && request.seen != version_now(request.edit)) {
        return Error{ErrorKind::Conflict, "somebody else was first", "moved-on"};
    }
    // A conflict is between the layer and the folder as it is now.
    const bool is_new = settles && waiting_folder_;
    const ConfigurationFiles& folder = is_new ? *waiting_folder_ : folder_;
    const auto entries = is_new ? integrations::entries_of(folder) : entries_;
    auto layer = apply(request.edit, {entries, layer_});
    if (!layer.ok()) {
        return layer.error();
    }
    Draft draft{.layer = std::move(layer).value(), .whole = {}};
    draft.whole = load_whole(folder, draft.layer);
    // One conflict after the other; the whole is taken into use with the last.
    const bool more_conflicts = settles && !draft.whole.conflicts.empty();
    if (!draft.whole.loaded.definitions && !more_conflicts) {
        return Error{ErrorKind::InvalidInput, errors_of(draft.whole.loaded), "findings"};
    }
    return draft;
}

Result<Proposal> ProgrammeDesk::propose(const EditRequest& request) const {
    Proposal out;
    {
        const std::scoped_lock lock{mutex_};
        auto made = draft(request);
        if (!made.ok()) {
            return made.error();
        }
        count_contacts(request.edit, {entries_, layer_}, {entries_, made.value().layer}, out);
        out.after = made.value().whole.loaded.definitions;
    }
    out.before = engine_.definitions();
    if (out.after == nullptr) {
        return out;  // Other conflicts remain: nothing would change yet.
    }
    out.warnings = new_warnings(*out.before, *out.after);
    const auto snapshot = engine_.snapshot();
    const Instant now = engine_.health().now;
    const auto* const copy = std::get_if<CohortCopy>(&request.edit);
    out.until = horizon(*out.after, copy == nullptr ? cohort_of(request.edit) : copy->id, now);
    auto withdrawn = withdrawn_by(*out.before, *out.after, *snapshot);
    if (!withdrawn.ok()) {
        return withdrawn.error();
    }
    out.withdrawn = std::move(withdrawn).value();
    auto reopened = reopened_by(*out.after, *snapshot);
    if (!reopened.ok()) {
        return reopened.error();
    }
    out.reopened = std::move(reopened).value();
    std::vector<Foreseen> foreseen;
    for (const auto& definitions : {out.before, out.after}) {
        auto seen = foresee({.definitions = definitions,
                             .from = now,
                             .until = out.until,
                             .events = {},
                             .present = snapshot.get(),
                             .running = out.before});
        if (!seen.ok()) {
            return seen.error();
        }
        foreseen.push_back(std::move(seen).value());
    }
    out.messages = compare(foreseen[0].messages, foreseen[1].messages);
    return out;
}

Status ProgrammeDesk::take_up(const EditRequest& request) {
    const std::scoped_lock lock{mutex_};
    auto made = draft(request);
    if (!made.ok()) {
        return made.error();
    }
    Draft draft = std::move(made).value();
    const auto there = layer_in(options_.state);
    if (!there.ok()) {
        return there.error();
    }
    if (!there.value().diagnostics.empty() ||
        integrations::files_of(there.value()).files != integrations::files_of(layer_).files) {
        return Error{ErrorKind::Conflict,
                     layer_folder(options_.state).string() +
                         " was changed by hand; have the configuration read again first",
                     "unread"};
    }
    const auto where = layer_folder(options_.state);
    if (const Status written = replace_layer(where, layer_, draft.layer); !written.ok()) {
        return written;
    }
    // As it will be read at the next start, with its places.
    auto read = layer_in(options_.state);
    if (!read.ok()) {
        return read.error();
    }
    const Layer before = std::exchange(layer_, std::move(read).value());
    if (!draft.whole.loaded.definitions) {
        conflicts_ = draft.whole.conflicts;
        return Done{};
    }
    const std::string known = request.visitor.in_log();
    const Whole whole = load_whole(waiting_folder_ ? *waiting_folder_ : folder_, layer_);
    const Status used = options_.use(whole.loaded, known.empty() ? request.who : known);
    if (!used.ok() && used.error().kind != ErrorKind::Unavailable) {
        (void)replace_layer(where, layer_, before);
        layer_ = before;
        return used;
    }
    if (waiting_folder_) {
        folder_ = *std::exchange(waiting_folder_, std::nullopt);
        entries_ = integrations::entries_of(folder_);
    }
    conflicts_.clear();
    return used.ok() ? used : Status{Error{ErrorKind::Unavailable, used.error().message, "saved"}};
}

std::vector<LayerConflict> ProgrammeDesk::conflicts() const {
    const std::scoped_lock lock{mutex_};
    return conflicts_;
}

std::set<LayerKey> ProgrammeDesk::changed() const {
    const std::scoped_lock lock{mutex_};
    std::set<LayerKey> keys;
    for (const auto& [key, entry] : layer_.own) {
        keys.insert(key);
    }
    return keys;
}

std::map<LayerKey, std::vector<ContactCells>> ProgrammeDesk::contacts(
    const Visitor& visitor) const {
    const auto whole = engine_.definitions();
    std::map<LayerKey, std::vector<ContactCells>> out;
    const std::scoped_lock lock{mutex_};
    const auto add = [&](const LayerKey& key, const integrations::LayerEntry& entry) {
        const auto* const organisation =
            whole->find_organisation(key.id.substr(0, key.id.find('/')));
        if (key.kind == LayerKey::Kind::Contact && organisation != nullptr &&
            (may(visitor, Right::Plan) || may(visitor, Right::Plan, *organisation, *whole))) {
            out.emplace(key, cells_of(entry.text));
        }
    };
    for (const auto& [key, entry] : layer_.own) {
        add(key, entry);
    }
    for (const auto& [key, entry] : entries_) {
        add(key, entry);
    }
    return out;
}

bool ProgrammeDesk::is_in_folder(const LayerKey& key) const {
    const std::scoped_lock lock{mutex_};
    return entries_.contains(key);
}

}  // namespace fristvakt::daemon
