#include "tests/browser/town.hpp"

#include <algorithm>

#include "daemon/simulation/simulation.hpp"
#include "integrations/embedded/embedded.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "integrations/yaml/configuration.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::tests {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

const std::string kEvents{
    R"({"at":"2021-01-20T10:00","case":"pulje-5/plan/hamar","event":"more_time_asked","by":"debtor"})"
    "\n"
    R"({"at":"2021-01-25T14:00","case":"pulje-5/plan/vaga","event":"claimed","by":"debtor","who":"Åse <Berg> & sønn"})"
    "\n"
    R"({"at":"2021-01-26T10:00","case":"pulje-5/plan/sel","event":"noted","by":"creditor","text":"Ringte; <b>planen</b> kommer \"snart\"."})"
    "\n"
    R"({"at":"2021-01-26T11:00","case":"pulje-5/plan/solbakken-friskole","event":"exempted","by":"creditor","reason":"Har ikke barnehage."})"
    "\n"};

class Quiet final : public daemon::SimulationObserver {
 public:
    void message(const workflows::MessageSnapshot&, const workflows::RenderedMessage&) override {}
    void transition(const workflows::LogEntry&) override {}
    void settled(const workflows::Reminder&, Instant, const std::string&) override {}
    void refused(const daemon::TimedEvent&, const workflows::Error&) override {}
};

/// Takes everything, but refuses one address for good.
class Transport final : public workflows::Channel {
 public:
    explicit Transport(std::string refused) : refused_(std::move(refused)) {}
    workflows::DeliveryReport send(const workflows::Envelope& envelope) override {
        const bool is_refused = !refused_.empty() && envelope.to.front().starts_with(refused_);
        return {.number = envelope.number,
                .verdict = is_refused ? workflows::Verdict::Refused : workflows::Verdict::Delivered,
                .recipient_refused = is_refused,
                .reply = is_refused ? "550 5.1.1 no such user" : "250 2.0.0 queued"};
    }

 private:
    std::string refused_;
};

Instant at(const std::string& local, const workflows::Definitions& definitions) {
    return workflows::parse_instant(local, definitions.time_zone()).value();
}

}  // namespace

/// Takes what is offered and lets it lie.
class Town::Silent final : public daemon::Dispatcher, public daemon::EngineObserver {
 public:
    void offer(workflows::MessageSnapshot) override {}
    void committed(const workflows::Batch&) override {}
};

std::string shipped_file(const std::string& path) {
    const auto* const shipped = integrations::find_embedded(integrations::embedded_config(), path);
    FRISTVAKT_ASSERT(shipped != nullptr);
    return std::string{shipped->content};
}

std::map<std::string, std::string> files_with_meeting() {
    const std::string path{"programmes/ibs-pulje-5-innlandet.yaml"};
    const std::string text = shipped_file(path);
    return {{path, text.substr(0, text.find("meetings:")) +
                       "meetings:\n"
                       "  - id: nettverk\n"
                       "    title: {nb: Nettverk for ressurspersoner, nn: Nettverk for "
                       "ressurspersonar}\n"
                       "    every: semester\n"
                       "    set_by: {spring: 02-01, autumn: 09-01}\n"
                       "    audience: [ressursperson]\n"
                       "    dates:\n"
                       "      - start: 2021-03-23T09:00\n"
                       "        end: 2021-03-23T12:00\n"
                       "        place: Teams\n"
                       "        also: [skoleeier]\n"
                       "        agenda: {nb: \"Status <alle>\", nn: \"Status <alle>\"}\n"
                       "        prework:\n"
                       "          - id: notat\n"
                       "            title: {nb: Notat om status, nn: Notat om status}\n"
                       "            due: start - 7 days\n"}};
}

std::map<std::string, std::string> files_with_plan() {
    auto files = files_with_meeting();
    files.begin()->second +=
        "groups:\n"
        "  ressursgruppe:\n"
        "    title: {nb: Ressurspersonene, nn: Ressurspersonane}\n"
        "    roles: [ressursperson]\n"
        "  eiere:\n"
        "    title: {nb: Skoleeierne, nn: Skuleeigarane}\n"
        "    roles: [skoleeier]\n"
        "  embetet:\n"
        "    title: {nb: Embetet, nn: Embetet}\n"
        "    organisations: [sf-innlandet]\n";
    files.emplace("activities/pulje-5.csv",
                  "what,what_nn,when,who,kind,place,lecturer,responsible\n"
                  "Nasjonal samling,,16.-17.02.2021,ressursgruppe eiere embetet,meeting,"
                  "Gardermoen,,Udir\n"
                  "Kurs i læringsmiljø,Kurs i læringsmiljø,"
                  "\"10., 17. og 24. mars 2021 kl. 09.00–12.00\",Ressurspersonene,course,"
                  "Rådhuset,Ada <Moe>,ingrid.haugen@sf-innlandet.example\n"
                  "Evaluering,,15.06.2021,ressursgruppe,delivery,,,\n");
    return files;
}

Town::Town() : Town(Options{}) {}

Town::Town(const Options& options) : silent_(std::make_unique<Silent>()) {
    integrations::ConfigurationFiles files{.name = "town", .files = {}};
    for (const auto& file : integrations::embedded_config()) {
        files.files.emplace(file.path, file.content);
    }
    files.files.erase("demo-events.jsonl");
    for (const auto& [path, content] : options.files) {
        files.files.insert_or_assign(path, content);
    }
    std::erase_if(files.files, [](const auto& file) { return file.second.empty(); });
    auto loaded = integrations::load_configuration(files, {});
    FRISTVAKT_ASSERT(loaded.definitions != nullptr);
    definitions_ = loaded.definitions;
    live(options);
    show_demo_clock();
    daemon::Engine::Options how;
    how.demo_clock = true;
    engine_ = std::make_unique<daemon::Engine>(store_, *silent_, *silent_, how);
    now_ = at(options.until, *definitions_);
    const Status started = engine_->start(definitions_, loaded.archive, now_);
    FRISTVAKT_ASSERT(started.ok());
    const auto wake = engine_->step(now_);
    FRISTVAKT_ASSERT(wake.ok());
    health_.now = now_;
    health_.steps = 1;
    health_.wake_at = wake.value();
}

Town::~Town() = default;

void Town::live(const Options& options) {
    const auto* demo =
        integrations::find_embedded(integrations::embedded_config(), "demo-events.jsonl");
    const std::string lines =
        (options.demo_events ? std::string{demo->content} + kEvents : "") + options.events;
    auto events = daemon::read_timed_events(lines, "events", *definitions_);
    FRISTVAKT_ASSERT(events.ok());
    const integrations::NoticeRenderer renderer;
    Transport transport{options.refused};
    Quiet quiet;
    const Status ran = daemon::Simulation{.definitions = definitions_,
                                          .store = store_,
                                          .renderer = renderer,
                                          .channel = transport,
                                          .observer = quiet,
                                          .from = at(options.from, *definitions_),
                                          .until = at(options.until, *definitions_),
                                          .events = std::move(events).value(),
                                          .crashes = {},
                                          .write_bytes = true}
                           .run();
    FRISTVAKT_ASSERT(ran.ok());
}

// A simulation counts as a machine's clock; what people look at here is a demo's.
void Town::show_demo_clock() {
    workflows::Batch batch;
    batch.epoch = store_.lead().value();
    workflows::LogEntry entry;
    entry.kind = "ledger";
    entry.change.ledger = store_.ledger().value();
    entry.change.ledger->demo_clock = true;
    batch.entries.push_back(std::move(entry));
    FRISTVAKT_ASSERT(store_.commit(batch).ok());
}

Result<daemon::EventAnswer> Town::raise(const daemon::RaiseEvent& command) {
    const std::lock_guard lock{mutex_};
    if (unavailable_) {
        return Error{ErrorKind::Unavailable, "the engine did not answer in time"};
    }
    return engine_->raise({command}, now_).front();
}

Result<daemon::BatchAnswer> Town::raise_all(const std::vector<daemon::RaiseEvent>& commands) {
    const std::lock_guard lock{mutex_};
    if (unavailable_) {
        return Error{ErrorKind::Unavailable, "the engine did not answer in time"};
    }
    return engine_->raise_all(commands, now_);
}

Result<daemon::Forecast> Town::preview(const std::vector<daemon::RaiseEvent>& commands) {
    const std::lock_guard lock{mutex_};
    return engine_->preview(commands, now_);
}

Status Town::stop(std::int64_t message, const std::string& reason, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->stop(message, reason, who, now_);
}

Status Town::postpone(std::int64_t message, workflows::Date day, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->postpone(message, day, who, now_);
}

Status Town::hold(const std::string& reason, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->hold(reason, who, now_);
}

Status Town::release(std::optional<std::int64_t> message, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->release(message, who, now_);
}

Status Town::retry(std::int64_t message, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->retry(message, who, now_);
}

Status Town::sent_before(std::int64_t message, const std::string& who) {
    const std::lock_guard lock{mutex_};
    return engine_->sent_before(message, who, now_);
}

Status Town::note_test(const daemon::TestedNotice& tested) {
    const std::lock_guard lock{mutex_};
    return engine_->note_test(tested, now_);
}

Status Town::confirm_card(const std::string& channel, std::int64_t card) {
    const std::lock_guard lock{mutex_};
    return engine_->confirm_card(channel, card, now_);
}

std::unique_ptr<workflows::Snapshot> Town::snapshot() {
    return store_.snapshot();
}

Status Town::use(const integrations::LoadedConfiguration& loaded,
                 const std::optional<std::string>& who) {
    const std::lock_guard lock{mutex_};
    if (unavailable_) {
        return Error{ErrorKind::Unavailable, "the engine did not answer in time"};
    }
    const Status used = engine_->use(loaded.definitions, loaded.archive, now_, who);
    if (used.ok()) {
        definitions_ = loaded.definitions;
    }
    return used;
}

std::shared_ptr<const workflows::Definitions> Town::definitions() const {
    const std::lock_guard lock{mutex_};
    return started_ ? definitions_ : nullptr;
}

daemon::EngineHealth Town::health() const {
    const std::lock_guard lock{mutex_};
    return health_;
}

void Town::set_health(const daemon::EngineHealth& health) {
    const std::lock_guard lock{mutex_};
    health_ = health;
}

}  // namespace fristvakt::tests
