#include "daemon/app/daemon.hpp"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <sodium.h>

#include "daemon/access/form_token.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/sign_in_parts.hpp"
#include "daemon/app/terminal_reporter.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/configuration/programme_desk.hpp"
#include "daemon/delivery/delivery_pool.hpp"
#include "daemon/delivery/ways_out.hpp"
#include "daemon/graph_desk/calendar_watch.hpp"
#include "daemon/graph_desk/meeting_changes.hpp"
#include "daemon/http/http_service.hpp"
#include "daemon/mailbox/mailbox_watch.hpp"
#include "daemon/mailbox/take_reply.hpp"
#include "daemon/runtime/clock.hpp"
#include "daemon/runtime/supervisor.hpp"
#include "daemon/service/engine_service.hpp"
#include "integrations/embedded/embedded.hpp"
#include "integrations/mail/smtp_channel.hpp"
#include "integrations/mail/spool_channel.hpp"
#include "integrations/mailbox/imap_mailbox.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/reading.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/sqlite/state_folder.hpp"
#include "integrations/teams/card_channel.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "workflows/definition/this_machine.hpp"

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

/// SIGTERM to exit, at the most; what is not finished by then is settled at the next start. Below
/// systemd's TimeoutStopSec.
constexpr std::chrono::seconds kStopMax{20};
constexpr std::size_t kSmtpSessions = 4;
/// A table of contacts pasted into a form: some thousand people, percent-encoded.
constexpr std::size_t kFormBytesMax{std::size_t{1} << 20U};
/// By the machine's time, on a demo clock.
constexpr std::chrono::milliseconds kDemoRetryPause{std::chrono::seconds{2}};

/// Stands in for a transport that could not be set up: everything waits, with the reason shown.
class BrokenChannel final : public workflows::Channel {
 public:
    explicit BrokenChannel(std::string why) : why_(std::move(why)) {}
    workflows::DeliveryReport send(const workflows::Envelope& envelope) override {
        workflows::DeliveryReport report;
        report.number = envelope.number;
        report.reply = why_;
        return report;
    }

 private:
    std::string why_;
};

/// Passes on to several observers.
class Reporters final : public EngineObserver {
 public:
    void add(EngineObserver& observer) { observers_.push_back(&observer); }
    void committed(const workflows::Batch& batch) override {
        for (EngineObserver* observer : observers_) {
            observer->committed(batch);
        }
    }

 private:
    std::vector<EngineObserver*> observers_;
};

bool uses_spool(const DaemonOptions& options, const workflows::Installation& installation) {
    return options.spool || installation.sending == workflows::SendingMode::Spool;
}

/// The files that differ, by name; what only a restart takes up is said too.
void log_changes(const integrations::LoadedConfiguration& before,
                 const integrations::LoadedConfiguration& after) {
    const auto old_files = integrations::files_from_archive(before.archive, {});
    const auto new_files = integrations::files_from_archive(after.archive, {});
    if (!old_files.ok() || !new_files.ok() || before.archive == after.archive) {
        return;
    }
    std::string changed;
    std::string added;
    std::string gone;
    const auto add = [](std::string& list, const std::string& file) {
        list += (list.empty() ? "" : ", ") + file;
    };
    for (const auto& [file, bytes] : new_files.value().files) {
        const auto known = old_files.value().files.find(file);
        if (known == old_files.value().files.end()) {
            add(added, file);
        } else if (known->second != bytes) {
            add(changed, file);
        }
    }
    for (const auto& [file, bytes] : old_files.value().files) {
        if (!new_files.value().files.contains(file)) {
            add(gone, file);
        }
    }
    log(LogLevel::Info, LogEvent::ConfigurationChanged,
        {{"changed", changed}, {"new", added}, {"gone", gone}});
    const auto& was = before.definitions->installation;
    const auto& is = after.definitions->installation;
    if (was.listen != is.listen || was.operator_listen != is.operator_listen) {
        log(LogLevel::Warning, LogEvent::ConfigurationWarning,
            {{"what", "http.listen or http.operator changed"},
             {"then", "restart to listen there; the old ones go on"}});
    }
}

bool posts_cards(const DaemonOptions& options, const workflows::Installation& installation) {
    return !uses_spool(options, installation) &&
           installation.sending != workflows::SendingMode::Redirect;
}

/// Said and no more: mail must go on whatever is wrong with Teams.
void warn_of_channels(const DaemonOptions& options, const Definitions& definitions) {
    if (!posts_cards(options, definitions.installation)) {
        return;
    }
    for (const workflows::TeamsChannel& channel : definitions.installation.teams) {
        const Status good = integrations::teams::check_channel(channel);
        if (!good.ok()) {
            log(LogLevel::Warning, LogEvent::ConfigurationWarning,
                {{"what", good.error().message},
                 {"then", "its cards wait and are tried again; mail goes on"}});
        }
    }
}

Status check_transport(const DaemonOptions& options, const Definitions& definitions) {
    const auto& installation = definitions.installation;
    if (uses_spool(options, installation)) {
        return Done{};
    }
    if (!options.clock.empty() && posts_cards(options, installation) &&
        !std::ranges::all_of(installation.teams, integrations::teams::is_on_this_machine)) {
        return Error{ErrorKind::InvalidInput,
                     "on a demo clock cards go to the spool or to this machine only; leave out "
                     "--clock or `teams`, or use --spool"};
    }
    if (!installation.mail.smtp) {
        return Error{ErrorKind::InvalidInput,
                     "fristvakt.yaml: sending needs mail.smtp; add it, or set sending: spool"};
    }
    if (!options.clock.empty() &&
        !workflows::is_this_machine(workflows::host_of(installation.mail.smtp->url))) {
        return Error{ErrorKind::InvalidInput,
                     "on a demo clock mail goes to the spool or to a server on this machine only; "
                     "leave out --clock, or use --spool"};
    }
    const auto channel = integrations::SmtpChannel::open(*installation.mail.smtp);
    return channel.ok() ? Status{Done{}} : Status{channel.error()};
}

std::string random_salt() {
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 33> hex{};
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    return hex.data();
}

Result<std::string> read_events(const std::string& name) {
    constexpr std::string_view kEmbedded = "embedded:";
    if (name.starts_with(kEmbedded)) {
        const auto* file = integrations::find_embedded(integrations::embedded_config(),
                                                       name.substr(kEmbedded.size()));
        if (file == nullptr) {
            return Error{ErrorKind::NotFound, "--events: the program carries no " + name};
        }
        return std::string{file->content};
    }
    std::ifstream file{name, std::ios::binary};
    if (!file) {
        return Error{ErrorKind::NotFound, "--events: cannot read " + name};
    }
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

/// Where a demo clock had come to; so that it goes on there. Losing it costs simulated time only.
class ClockFile {
 public:
    explicit ClockFile(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] std::optional<workflows::Instant> read() const {
        std::ifstream file{path_};
        std::string text;
        if (!std::getline(file, text)) {
            return std::nullopt;
        }
        const auto utc = workflows::TimeZone::locate("UTC");
        const auto at = workflows::parse_instant(text, utc.value());
        return at.ok() ? std::optional{at.value()} : std::nullopt;
    }

    void write(workflows::Instant now) {
        const auto draft = path_.string() + ".new";
        std::ofstream{draft} << workflows::iso_utc(now) << '\n';
        std::error_code ignored;  // The next step writes it again.
        std::filesystem::rename(draft, path_, ignored);
    }

 private:
    std::filesystem::path path_;
};

/// Whether the file system takes as much as a small transaction needs.
bool can_write(const std::filesystem::path& probe) {
    const std::string bytes(std::size_t{256} * 1024, 'x');
    std::ofstream file{probe, std::ios::binary};
    file << bytes;
    file.close();
    const bool written = !file.fail();
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
    return written;
}

/// Ends the process when stopping takes too long.
class StopGuard {
 public:
    StopGuard() : thread_([this] { wait(); }) {}
    ~StopGuard() {
        {
            const std::scoped_lock lock{mutex_};
            done_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    StopGuard(const StopGuard&) = delete;
    StopGuard& operator=(const StopGuard&) = delete;

 private:
    void wait() {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, kStopMax, [this] { return done_; })) {
            log(LogLevel::Error, LogEvent::CannotGoOn,
                {{"why", "stopping took too long; what was being sent is settled at the start"}});
            std::_Exit(EXIT_FAILURE);
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_{false};
    std::thread thread_;
};

}  // namespace

/// In the order of building; taken down from the end.
struct Daemon::Parts {
    DaemonOptions options;
    std::unique_ptr<integrations::StateFolder> folder;
    std::unique_ptr<integrations::SqliteStore> store;
    integrations::LoadedConfiguration configuration;  ///< What it started with.
    integrations::LoadedConfiguration in_use;  ///< Under the desk's lock once there is a desk.
    integrations::ConfigurationFiles folder_files;
    integrations::Layer layer;
    bool has_conflict{false};  ///< Between the folder and what was changed on the pages.
    std::unique_ptr<Clock> clock;
    std::unique_ptr<ClockFile> clock_file;
    LogReporter log_reporter;
    MeetingChanges meeting_changes;
    std::unique_ptr<TerminalReporter> terminal;
    Reporters reporters;
    integrations::NoticeRenderer renderer;
    integrations::teams::PostRates card_rates{&monotonic_seconds};
    std::stop_source stop_sending;
    boost::asio::io_context signals_io{1};
    boost::asio::signal_set signals{signals_io};
    std::string fatal;
    bool ready{false};
    std::unique_ptr<EngineService> engine;
    std::unique_ptr<DeliveryPool> pool;
    std::unique_ptr<SignInParts> sign_in;
    std::unique_ptr<ProgrammeDesk> desk;
    GraphHook hook;
    /// How it goes with the two below, once they are there: pages are served before.
    integrations::Guarded<AskWatches> watches;
    std::unique_ptr<HttpService> http;
    std::unique_ptr<MailboxWatch> mailbox;
    std::unique_ptr<CalendarWatch> calendar;

    [[nodiscard]] bool is_demo() const { return !options.clock.empty(); }
    [[nodiscard]] Status load();
    [[nodiscard]] Status load_in_use(const std::string& conflicts);
    [[nodiscard]] Status use(const integrations::LoadedConfiguration& read,
                             const std::optional<std::string>& who);
    [[nodiscard]] Status open_state();
    [[nodiscard]] Status make_clock();
    [[nodiscard]] Status take_up_copy();
    [[nodiscard]] Status build_engine();
    [[nodiscard]] Status start_http();
    [[nodiscard]] Status start_engine();
    [[nodiscard]] std::unique_ptr<workflows::Channel> open_mail(const Definitions& now) const;
    [[nodiscard]] std::unique_ptr<workflows::Channel> open_cards(const Definitions& now);
    [[nodiscard]] std::filesystem::path spool() const {
        return options.spool_folder.empty() ? folder->spool() : options.spool_folder;
    }
    /// Not on a demo clock: what comes in has the machine's time.
    void watch_mailbox();
    /// Likewise; without a calendar it waits for a configuration that has one.
    void watch_calendar();
    /// REQUIRES: both are there, or will not be.
    [[nodiscard]] Watches health_of_watches() const;
    void end_watches();
    /// Into the spool, and on a demo clock, no calendar is reached: invitations go as mail there.
    void leave_out_calendar(std::shared_ptr<const Definitions>& definitions) const;
    void announce() const;
    void close_books(const Result<BooksStatement>& done) const;
};

Status Daemon::Parts::load() {
    auto files = configuration_files(options.config);
    auto over = layer_in(options.state);
    if (!files.ok() || !over.ok()) {
        return files.ok() ? over.error() : files.error();
    }
    folder_files = std::move(files).value();
    layer = std::move(over).value();
    Whole whole = load_whole(folder_files, layer);
    if (whole.loaded.definitions) {
        configuration = std::move(whole.loaded);
        return Done{};
    }
    const Error bad{ErrorKind::InvalidInput, errors_of(whole.loaded)};
    has_conflict = !whole.conflicts.empty();
    return has_conflict ? load_in_use(bad.message) : Status{bad};
}

/// A conflict is settled on the pages: what was in use goes on, so that there are some.
Status Daemon::Parts::load_in_use(const std::string& conflicts) {
    const Error bad{ErrorKind::InvalidInput, conflicts};
    const auto snapshot = integrations::open_for_reading(options.state / "state.db");
    if (!snapshot.ok()) {
        return bad;
    }
    const auto ledger = snapshot.value()->ledger();
    const auto archive = ledger.ok()
                             ? snapshot.value()->configuration(ledger.value().definitions_hash)
                             : Result<std::optional<std::string>>{ledger.error()};
    if (!archive.ok() || !archive.value()) {
        return bad;
    }
    auto stored = load_archive(*archive.value());
    if (!stored.ok()) {
        return bad;
    }
    configuration = std::move(stored).value();
    log(LogLevel::Error, LogEvent::ConfigurationBad,
        {{"why", conflicts}, {"then", "what was in use before goes on"}});
    return Done{};
}

void Daemon::Parts::leave_out_calendar(std::shared_ptr<const Definitions>& definitions) const {
    if (!definitions->installation.graph || (!is_demo() && !options.spool)) {
        return;
    }
    auto without = std::make_shared<Definitions>(*definitions);
    without->installation.graph.reset();
    without->index();
    definitions = std::move(without);
}

Status Daemon::Parts::use(const integrations::LoadedConfiguration& read,
                          const std::optional<std::string>& who) {
    integrations::LoadedConfiguration loaded = read;
    leave_out_calendar(loaded.definitions);
    const Status sendable = check_transport(options, *loaded.definitions);
    if (!sendable.ok()) {
        return sendable;
    }
    Status used = engine->use(loaded.definitions, loaded.archive, who);
    if (used.ok()) {
        log_changes(in_use, loaded);
        in_use = loaded;
        meeting_changes.wake();  // What is committed meanwhile was looked at with the old one.
        warn_of_channels(options, *loaded.definitions);
    }
    return used;
}

Status Daemon::Parts::open_state() {
    auto locked = integrations::StateFolder::lock(options.state, true);
    if (!locked.ok()) {
        return locked.error();
    }
    folder = std::make_unique<integrations::StateFolder>(std::move(locked).value());
    const auto foreign =
        integrations::set_aside_foreign_log(folder->database(), folder->database());
    if (!foreign.ok()) {
        return foreign.error();
    }
    if (foreign.value()) {
        log(LogLevel::Warning, LogEvent::Restored,
            {{"what", "the log of another database lay beside this one"},
             {"then", "it was renamed to state.db-wal.foreign"}});
    }
    auto opened = integrations::SqliteStore::open(folder->database());
    if (!opened.ok()) {
        return opened.error();
    }
    store = std::move(opened).value();
    return Done{};
}

Status Daemon::Parts::make_clock() {
    if (!is_demo()) {
        clock = std::make_unique<SystemClock>();
        return Done{};
    }
    const auto start =
        workflows::parse_instant(options.clock, configuration.definitions->time_zone());
    if (!start.ok()) {
        return Error{start.error().kind, "--clock: " + start.error().message};
    }
    clock_file = std::make_unique<ClockFile>(folder->path() / "clock");
    // Never before what has happened: when the power went, the clock's file may have been lost.
    const auto head = store->snapshot()->head();
    const auto logged = head.ok() ? head.value().at : start.value();
    clock = std::make_unique<DemoClock>(
        std::max({start.value(), logged, clock_file->read().value_or(start.value())}),
        options.speed);
    return Done{};
}

Status Daemon::Parts::take_up_copy() {
    const auto taken = integrations::take_up_copy(folder->database(), clock->now());
    if (!taken.ok()) {
        return taken.error();
    }
    if (taken.value()) {
        log(LogLevel::Warning, LogEvent::Restored,
            {{"what", "this database is a backup; all sending is on hold"},
             {"then", "fristvakt outbox reconcile; then fristvakt outbox release"}});
    }
    return Done{};
}

std::unique_ptr<workflows::Channel> Daemon::Parts::open_mail(const Definitions& now) const {
    if (uses_spool(options, now.installation)) {
        return std::make_unique<integrations::SpoolChannel>(spool());
    }
    if (!now.installation.mail.smtp) {
        return std::make_unique<BrokenChannel>("mail.smtp is missing in fristvakt.yaml");
    }
    auto channel = integrations::SmtpChannel::open(*now.installation.mail.smtp,
                                                   {.stop = stop_sending.get_token()});
    if (!channel.ok()) {
        return std::make_unique<BrokenChannel>(channel.error().message);
    }
    return std::move(channel).value();
}

std::unique_ptr<workflows::Channel> Daemon::Parts::open_cards(const Definitions& now) {
    if (uses_spool(options, now.installation)) {
        return std::make_unique<integrations::teams::CardSpool>(spool() / "teams");
    }
    return std::make_unique<integrations::teams::CardChannel>(now.installation.teams, card_rates);
}

Status Daemon::Parts::build_engine() {
    EngineService::Options service{
        .engine = {.demo_clock = is_demo(), .salt = random_salt()},
        .on_fatal =
            [this](const std::string& why) {
                boost::asio::post(signals_io, [this, why] {
                    fatal = why;
                    signals_io.stop();
                });
            },
        .on_step =
            [this](workflows::Instant now) {
                if (clock_file) {
                    clock_file->write(now);
                }
            },
        .on_failure =
            [](const std::string& why) {
                log(LogLevel::Error, LogEvent::StoreFailed, {{"why", why}});
            },
        .on_recovery = [] { log(LogLevel::Info, LogEvent::StoreAnswers, {}); },
        .on_statement = [this](const Result<BooksStatement>& done) { close_books(done); },
        .can_write = [this] { return can_write(folder->path() / "probe"); },
    };
    if (!options.events.empty()) {
        const auto text = read_events(options.events);
        if (!text.ok()) {
            return text.error();
        }
        auto events = read_timed_events(text.value(), options.events, *configuration.definitions);
        if (!events.ok()) {
            return events.error();
        }
        service.events = std::move(events).value();
    }
    engine = std::make_unique<EngineService>(*store, *clock, reporters, configuration.definitions,
                                             std::move(service));
    in_use = configuration;
    desk = std::make_unique<ProgrammeDesk>(
        ProgrammeDesk::Options{
            .config = options.config,
            .state = options.state,
            .use = [this](const auto& loaded, const auto& who) { return use(loaded, who); }},
        *engine, std::move(folder_files), std::move(layer));
    pool = std::make_unique<DeliveryPool>(
        renderer, *engine,
        [this](const Definitions& now) {
            return std::make_unique<WaysOut>(open_mail(now), open_cards(now));
        },
        DeliveryPool::Options{
            .sessions =
                uses_spool(options, configuration.definitions->installation) ? 1 : kSmtpSessions,
            .pause_after_retry = is_demo() ? kDemoRetryPause : std::chrono::milliseconds{0}});
    return Done{};
}

Status Daemon::Parts::start_engine() {
    Status started = engine->start(*pool, configuration.archive);
    if (started.ok() && has_conflict) {
        engine->reload_failed();
    }
    return started;
}

Status Daemon::Parts::start_http() {
    const auto& installation = configuration.definitions->installation;
    const std::string& listen = options.listen.empty() ? installation.listen : options.listen;
    auto opened = SignInParts::open(folder->path(), *engine,
                                    !workflows::is_this_machine(workflows::host_of(listen)),
                                    [this](const Definitions& now) { return open_mail(now); });
    if (!opened.ok()) {
        return opened.error();
    }
    sign_in = std::move(opened).value();
    auto started = HttpService::start(
        {.listen = listen,
         .beyond_loopback = installation.sign_in && !installation.trusted_proxies.empty() &&
                            installation.public_url.starts_with("https://"),
         .operator_listen = options.operator_listen.empty() ? installation.operator_listen
                                                            : options.operator_listen,
         .public_url = installation.public_url,
         .version = FRISTVAKT_VERSION,
         .desk = desk.get(),
         .views = &sign_in->store(),
         .time = {.monotonic_seconds = &monotonic_seconds, .unix_seconds = &unix_seconds},
         .visitor = [this](const HttpRequest& request) { return sign_in->visitor_of(request); },
         .more_routes =
             [this](Router& router, const Pages& pages) {
                 sign_in->add_routes(router, pages);
                 hook.add_routes(router);
             },
         .watches =
             [this] {
                 return watches.with([](const AskWatches& ask) { return ask ? ask() : Watches{}; });
             },
         .limits = {.body_bytes_max = kFormBytesMax}},
        *engine);
    if (!started.ok()) {
        return started.error();
    }
    http = std::move(started).value();
    return Done{};
}

void Daemon::Parts::watch_mailbox() {
    if (is_demo()) {
        return;
    }
    const auto ledger = store->snapshot()->ledger();
    MailboxRounds::Options rounds{
        .progress_file = folder->path() / "mailbox.json",
        .begins_anew = ledger.ok() && ledger.value().restored_at.has_value(),
        .on_failure =
            [](const std::string& why) {
                log(LogLevel::Warning, LogEvent::MailboxFailed, {{"why", why}});
            },
        .on_recovery = [] { log(LogLevel::Info, LogEvent::MailboxAnswers, {}); },
        .on_aside =
            [](const PutAside& aside) {
                log(LogLevel::Warning, LogEvent::AnswerPutAside,
                    {{"why", std::string{to_string(aside.why)}},
                     {"detail", aside.detail},
                     {"uid", std::to_string(aside.uid)}});
            }};
    mailbox = std::make_unique<MailboxWatch>(
        *clock, [this] { return engine->definitions(); },
        [](const workflows::MailboxSettings& settings, std::stop_token stop) {
            return std::make_unique<integrations::ImapMailbox>(
                settings, integrations::ImapOptions{.stop = std::move(stop)});
        },
        [this](const InvitationReply& reply) { return take_reply(*engine, reply); },
        std::move(rounds));
}

void Daemon::Parts::watch_calendar() {
    if (is_demo()) {
        return;
    }
    calendar = std::make_unique<CalendarWatch>(
        *clock, *engine, hook,
        CalendarRounds::Options{
            .file = folder->path() / "calendars.json",
            .make_secret = &random_token,
            .on_failure =
                [](const std::string& why) {
                    log(LogLevel::Warning, LogEvent::CalendarFailed, {{"why", why}});
                },
            .on_recovery = [] { log(LogLevel::Info, LogEvent::CalendarAnswers, {}); }});
    meeting_changes.on_change([this] { calendar->look_now(); });
}

Watches Daemon::Parts::health_of_watches() const {
    Watches out;
    if (const auto health = mailbox ? mailbox->health() : MailboxHealth{}; health.is_configured) {
        out.mailbox = {.good_at = health.read_at,
                       .failing_since = health.failing_since,
                       .error = health.error,
                       .answers = health.taken,
                       .behind = health.aside};
    }
    if (const auto health = calendar ? calendar->health() : CalendarHealth{};
        health.is_configured) {
        out.calendar = {.good_at = health.looked_at,
                        .failing_since = health.failing_since,
                        .error = health.error,
                        .answers = health.answers,
                        .behind = health.behind};
    }
    return out;
}

void Daemon::Parts::end_watches() {
    meeting_changes.on_change({});
    watches.with([](AskWatches& ask) { ask = {}; });
    mailbox.reset();
    calendar.reset();
}

void Daemon::Parts::announce() const {
    const auto& installation = configuration.definitions->installation;
    const std::string pages = "http://127.0.0.1:" + std::to_string(http->port());
    const bool spools = uses_spool(options, installation);
    if (is_demo()) {
        std::cout << "Pages   " << pages << "\nHealth  http://127.0.0.1:" << http->operator_port()
                  << "/healthz\nMail    "
                  << (spools ? spool().string() : installation.mail.smtp->url)
                  << "\nStop    Ctrl-C; started again it goes on where it stopped\n"
                  << std::endl;
    }
    log(LogLevel::Info, LogEvent::Started,
        {{"pages", pages},
         {"operator", std::to_string(http->operator_port())},
         {"state", folder->path().string()},
         {"sending", spools ? "spool" : "smtp"},
         {"clock", is_demo() ? "demo" : "machine"}});
}

/// The day's statement: that everything is accounted for, and the head of the log, by which a
/// truncated one is found out (`db verify --head`). A demo's days are too short to tell of each.
void Daemon::Parts::close_books(const Result<BooksStatement>& done) const {
    if (!done.ok()) {
        return log(LogLevel::Error, LogEvent::StoreFailed, {{"why", done.error().message}});
    }
    const BooksStatement& statement = done.value();
    const auto& books = statement.kept;
    if (statement.ok() && is_demo()) {
        return;
    }
    log(statement.ok() ? LogLevel::Info : LogLevel::Error, LogEvent::BooksClosed,
        {{"planned", std::to_string(books.planned)},
         {"sent", std::to_string(books.sent)},
         {"held", std::to_string(books.held)},
         {"suppressed", std::to_string(books.suppressed)},
         {"superseded", std::to_string(books.superseded)},
         {"failed", std::to_string(books.failed)},
         {"waiting", std::to_string(books.waiting)},
         {"recounted", std::to_string(statement.counted.planned)},
         {"books", statement.ok() ? "in_balance" : "off"},
         {"head", statement.head}});
    if (!statement.ok()) {
        log(LogLevel::Error, LogEvent::BooksOff,
            {{"why", "recounted, the reminders are not what the books say"},
             {"then", "stop, keep a copy of the state folder, and run fristvakt db verify"}});
    }
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() {
    stop();
}

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonOptions& options) {
    if (sodium_init() < 0) {
        return Error{ErrorKind::Unavailable, "libsodium could not be started"};
    }
    auto parts = std::make_unique<Parts>();
    parts->options = options;
    if (const Status loaded = parts->load(); !loaded.ok()) {
        return loaded.error();
    }
    parts->leave_out_calendar(parts->configuration.definitions);
    parts->terminal =
        std::make_unique<TerminalReporter>(std::cout, *parts->configuration.definitions);
    parts->reporters.add(parts->is_demo() ? static_cast<EngineObserver&>(*parts->terminal)
                                          : parts->log_reporter);
    parts->reporters.add(parts->meeting_changes);
    // Before any thread is made, so that none of them takes a signal.
    parts->signals.add(SIGINT);
    parts->signals.add(SIGTERM);
    parts->signals.add(SIGHUP);
    (void)std::signal(SIGPIPE, SIG_IGN);
    auto* made = parts.get();
    auto daemon = std::unique_ptr<Daemon>{new Daemon{std::move(parts)}};
    // The listeners before the engine: a port in use is found out before anything is done.
    using Stage = std::function<Status()>;
    for (const auto& stage :
         {Stage{[&] { return check_transport(options, *made->configuration.definitions); }},
          Stage{[&] { return made->open_state(); }}, Stage{[&] { return made->make_clock(); }},
          Stage{[&] { return made->take_up_copy(); }}, Stage{[&] { return made->build_engine(); }},
          Stage{[&] { return made->start_http(); }}, Stage{[&] { return made->start_engine(); }}}) {
        const Status done = stage();
        if (!done.ok()) {
            return done.error();
        }
    }
    made->watch_mailbox();
    made->watch_calendar();
    made->watches.with(
        [made](AskWatches& ask) { ask = [made] { return made->health_of_watches(); }; });
    made->ready = true;
    warn_of_channels(options, *made->configuration.definitions);
    made->announce();
    notify_ready("Running");
    return daemon;
}

Status Daemon::run() {
    std::function<void()> wait = [this, &wait] {
        parts_->signals.async_wait(
            [this, &wait](const boost::system::error_code& error, int signal) {
                if (error) {
                    return;
                }
                if (signal == SIGHUP) {
                    reload();
                    wait();
                } else {
                    parts_->signals_io.stop();
                }
            });
    };
    wait();
    parts_->signals_io.run();
    if (!parts_->fatal.empty()) {
        log(LogLevel::Error, LogEvent::CannotGoOn, {{"why", parts_->fatal}});
        return Error{ErrorKind::Unavailable, parts_->fatal};
    }
    return Done{};
}

void Daemon::reload() {
    notify_reloading();
    const Status used = parts_->desk->reload();
    if (!used.ok()) {
        parts_->engine->reload_failed();
        log(LogLevel::Error, LogEvent::ConfigurationBad,
            {{"why", used.error().message}, {"then", "the old configuration goes on"}});
    }
    if (parts_->mailbox) {
        parts_->mailbox->look_now();
    }
    parts_->meeting_changes.wake();  // Also when nothing has changed but a secret.
    notify_ready(used.ok() ? "Running" : "Running on the old configuration; the new one is bad");
}

void Daemon::stop() {
    if (!parts_->engine) {
        return;
    }
    const StopGuard guard;
    notify_stopping();
    if (parts_->ready) {
        log(LogLevel::Info, LogEvent::Stopping, {});
    }
    parts_->http.reset();
    parts_->end_watches();
    parts_->stop_sending.request_stop();
    parts_->sign_in.reset();
    if (parts_->pool) {
        parts_->pool->stop();
    }
    parts_->engine->stop();
    if (parts_->ready) {
        log(LogLevel::Info, LogEvent::Stopped, {});
    }
}

}  // namespace fristvakt::daemon
