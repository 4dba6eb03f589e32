#include "tests/simulation/world/life.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "integrations/memory/memory_store.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "tests/simulation/world/definitions.hpp"
#include "workflows/decision/recipients.hpp"

namespace fristvakt::tests::simulation {

using model::Second;
using workflows::ErrorKind;
using workflows::Status;

namespace {

constexpr Second kStartAgain = 30;  ///< How long systemd waits.
constexpr Second kPatience = 300;   ///< While senders have what is due.
constexpr int kReleasesMax = 60;    ///< Each lets go what the last one brought up.
constexpr int kMomentsMax = 100'000;
constexpr int kRoundsMax = 2'000;  ///< Of looking and sending in one moment.
constexpr const char* kSalt = "salt";

}  // namespace

Life::Life(World& world, std::unique_ptr<workflows::Store> store, std::ostream* told)
    : world_(world),
      told_(told),
      sound_(std::move(store)),
      store_(*sound_, trouble_, now_, [this](const workflows::Batch& batch) { see(batch); }) {}

Outcome live(World& world, std::ostream* told) {
    auto store = std::make_unique<integrations::MemoryStore>(
        integrations::MemoryStoreOptions{.keep_changes = false, .keep_history = false});
    return Life{world, std::move(store), told}.to_the_end();
}

Outcome live_on_disk(World& world, const std::filesystem::path& file, std::ostream* told) {
    for (const char* part : {"", "-wal", "-shm"}) {
        std::filesystem::remove(file.string() + part);
    }
    auto store = integrations::SqliteStore::open(file, {});
    Outcome outcome;
    if (!store.ok()) {
        outcome.broken = {store.error().message};
        return outcome;
    }
    outcome = Life{world, std::move(store).value(), told}.to_the_end();
    const auto verified = integrations::verify(file);
    const auto rebuilt = integrations::rebuild(file);
    if (!verified.ok() || !rebuilt.ok()) {
        outcome.broken.push_back(verified.ok() ? rebuilt.error().message
                                               : verified.error().message);
        return outcome;
    }
    for (const std::string& problem : verified.value().problems) {
        outcome.broken.push_back("4: the file is not whole: " + problem);
    }
    for (const std::string& difference : rebuilt.value().differences) {
        outcome.broken.push_back("4: the log folds to something else: " + difference);
    }
    return outcome;
}

void Life::tell(const std::string& line) {
    if (told_ != nullptr) {
        *told_ << model::time_text(now_) << "  " << line << '\n';
    }
}

void Life::failed(const Status& status, const std::string& doing) {
    tell(doing + ": " + status.error().message);
    store_failed_ = true;
    if (status.error().kind != ErrorKind::Unavailable) {
        judge_.complain(now_, doing + " came to: " + status.error().message);
    }
}

void Life::see(const workflows::Batch& batch) {
    const auto seen = sightings_of(batch, addresses_);
    if (told_ != nullptr) {
        for (const model::Seen& one : seen) {
            if (const std::string line = text_of(one); !line.empty()) {
                tell("    " + line);
            }
        }
    }
    configuration_written_ = configuration_written_ || !batch.configurations.empty();
    judge_.written(seen, now_);
}

void Life::learn_addresses() {
    for (const model::Rules& rules : world_.rules) {
        definitions_.push_back(definitions_of(rules));
        std::set<std::string> all;
        for (const model::Contact& one : rules.contacts) {
            all.insert(one.address);
        }
        for (const model::Organisation& one : rules.organisations) {
            all.insert(one.email);
        }
        for (const std::string& address : all) {
            addresses_.emplace(workflows::person_id(kSalt, address), address);
        }
    }
}

Outcome Life::to_the_end() {
    learn_addresses();
    now_ = world_.starts_at;
    up_at_ = now_;
    for (int moments = 0; judge_.broken().empty(); ++moments) {
        const auto next = next_moment();
        if (moments > kMomentsMax) {
            judge_.complain(now_, "it does not come to rest");
        } else if (next && *next < world_.ends_at) {
            now_ = std::max(now_, *next);
            go_on();
        } else if (healed_ && has_held() && releases_ < kReleasesMax) {
            let_all_go();
        } else {
            break;
        }
    }
    Outcome outcome;
    finish(outcome);
    return outcome;
}

std::optional<Second> Life::next_moment() const {
    std::optional<Second> next;
    const auto consider = [&](std::optional<Second> at) {
        if (at) {
            next = next ? std::min(*next, *at) : *at;
        }
    };
    if (!healed_) {
        consider(world_.healed_at);
    }
    if (up_at_) {
        consider(up_at_);
        return next;
    }
    consider(wake_at_);
    if (next_ < world_.happenings.size()) {
        consider(world_.happenings[next_].at);
    }
    if (!again_.empty()) {
        consider(again_.begin()->first);
    }
    for (const Job& job : jobs_) {
        consider(job.due_at);
    }
    return next;
}

/// Ends the program where a port says so.
template <class Work>
void Life::survive(Work work) {
    try {
        work();
    } catch (const Crash& end) {
        crash(end);
    }
}

Second Life::pause_after(int failures) {
    constexpr int kLongest = 5;
    return Second{30} << std::min(failures, kLongest);
}

void Life::go_on() {
    if (!healed_ && now_ >= world_.healed_at) {
        heal();
    }
    if (up_at_ && now_ >= *up_at_) {
        survive([&] { start(); });
    }
    survive([&] { happen(); });
    // The last of it may have stopped the program, or moved the clock.
    bool again = engine_ != nullptr;
    for (int rounds = 0; again && judge_.broken().empty(); ++rounds) {
        again = false;
        store_failed_ = false;
        if (rounds > kRoundsMax) {
            judge_.complain(now_, "one moment does not end");
        }
        survive([&] {
            step();
            again = carry() && !store_failed_;
        });
    }
    steps_failed_ = store_failed_ ? steps_failed_ + 1 : 0;
    if (store_failed_ && engine_ != nullptr) {
        wake_at_ = now_ + pause_after(steps_failed_);
    }
    now_ += trouble_.stalled();
}

void Life::crash(const Crash& end) {
    tell("CRASH, down for " + std::to_string(end.down_for) + " s");
    engine_.reset();
    half_taken_up_ = false;
    jobs_.clear();
    wake_at_.reset();
    judge_.crashes();
    up_at_ = now_ + end.down_for;
}

void Life::start() {
    up_at_.reset();
    daemon::Dispatcher& senders = *this;
    daemon::EngineObserver& observer = *this;
    engine_ = std::make_unique<daemon::Engine>(
        store_, senders, observer, daemon::Engine::Options{.demo_clock = false, .salt = kSalt});
    const auto& definitions = definitions_[folder_];
    // Whatever came before: what is in use is what the ledger says.
    const bool takes_up = sound_->ledger().value().definitions_hash != definitions->hash;
    judge_.starts(now_);
    if (takes_up) {
        judge_.takes_up(world_.rules[folder_], now_);
    } else {
        judge_.gives_up(world_.rules[folder_]);
    }
    in_force_ = folder_;
    const Status started = engine_->start(definitions, "files", instant_of(now_));
    if (!started.ok()) {
        failed(started, "start");
        crash({kStartAgain});
        return;
    }
    tell("started with configuration " + world_.rules[folder_].name);
    if (takes_up) {
        judge_.took_up(now_);
    }
    wake_at_ = now_;
}

void Life::step() {
    const auto wake = engine_->step(instant_of(now_));
    if (!wake.ok()) {
        failed(wake.error(), "step");
        return;
    }
    if (std::exchange(half_taken_up_, false)) {
        judge_.took_up(now_);
    }
    judge_.looked(now_);
    wake_at_ = wake.value() ? std::optional{second_of(*wake.value())} : std::nullopt;
    if (wake_at_ && *wake_at_ <= now_ + 1 && !jobs_.empty()) {
        // Somebody is slow in sending what is due; who finishes wakes the engine anyway.
        wake_at_ = now_ + kPatience;
    }
}

// --- the end
// --------------------------------------------------------------------------------------

void Life::heal() {
    tell("--- from here on nothing goes wrong ---");
    healed_ = true;
    trouble_.heal();
    if (up_at_) {
        up_at_ = now_;
    }
}

bool Life::has_held() {
    return sound_->ledger().value().sending_on_hold ||
           !sound_->messages_in(workflows::MessageState::Held).value().empty() ||
           sound_->ledger().value().books.held > 0;
}

void Life::let_all_go() {
    ++releases_;
    survive([&] {
        if (release() == Done::Yes) {
            const auto held = sound_->messages_in(workflows::MessageState::Held).value();
            for (const auto number : held) {
                judge_.lets_go(number);
                (void)engine_->release(number, "operator", instant_of(now_));
            }
        }
    });
    wake_at_ = now_;
}

void Life::finish(Outcome& outcome) {
    if (judge_.broken().empty()) {
        std::vector<model::CaseSeen> cases;
        workflows::CaseFilter all;
        all.count_max = 100'000;
        const auto stored = sound_->snapshot()->cases(all).value();
        std::vector<model::GuestSeen> guests;
        for (const workflows::Case& item : stored) {
            cases.push_back(case_of(item));
            for (const auto& one : sound_->snapshot()->invitations_of(item.id).value()) {
                guests.push_back(guest_of(one.invitation, addresses_));
            }
        }
        judge_.ends(cases, guests, books_of(sound_->ledger().value()), now_);
    }
    outcome.broken = judge_.broken();
    outcome.organisations = static_cast<std::int64_t>(world_.rules.front().organisations.size());
    outcome.events = judge_.events_seen() + doings_;
    outcome.messages = judge_.letters_arrived();
    outcome.faults = trouble_.injected();
}

}  // namespace fristvakt::tests::simulation
