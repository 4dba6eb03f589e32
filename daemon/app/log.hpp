#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/engine.hpp"

/// The structured log: one line an event, `event=ID name=… key=value …`, on standard error. Ids are
/// part of the program's interface: never renumbered, never used again. No line holds an address, a
/// name of a person, a text of a message or a secret. Any thread.
namespace fristvakt::daemon {

enum class LogEvent {
    Started = 100,   ///< The daemon is up; `state`, `clock`.
    Stopping = 101,  ///< SIGTERM or SIGINT; what is being sent is finished.
    Stopped = 102,
    ConfigurationUsed = 110,  ///< A configuration was taken into use; `hash`.
    ConfigurationBad = 111,  ///< A re-read configuration was refused; the old one goes on. Mend it.
    ConfigurationWarning = 112,
    ConfigurationChanged = 113,  ///< What a re-read one brought; files `changed`, `new`, `gone`.
    StoreFailed = 120,       ///< The state could not be read or written: see `why`; tried again.
    CannotGoOn = 121,        ///< Another daemon leads, or an invariant broke; this one ends.
    StoreAnswers = 122,      ///< After StoreFailed: what waited goes on.
    Restored = 123,          ///< The database is a backup: sending is on hold until released.
    CaseChanged = 200,       ///< `case`, `state`, `by`.
    ReminderSettled = 211,   ///< A reminder ended in another account than sent; `reason`.
    MessageSent = 220,       ///< `message`; the transport accepted it.
    MessageHeld = 221,       ///< Waits until it is released; `reason`.
    MessageFailed = 222,     ///< Refused for good; somebody must look at the contact.
    MessageLater = 223,      ///< Refused for now; tried again.
    MessageUncertain = 224,  ///< Nobody knows whether it arrived.
    MessageDropped = 225,    ///< Nothing was left to say when its time came.
    MailboxFailed = 230,     ///< The mailbox cannot be read; `why`. Tried again; nothing is lost.
    MailboxAnswers = 231,    ///< After MailboxFailed: it is read again.
    AnswerPutAside = 232,    ///< An answer in a mail was not taken; `why`. It is in the box still.
    CalendarFailed = 233,    ///< Meetings do not follow in Microsoft 365; `why`. Tried again.
    CalendarAnswers = 234,   ///< After CalendarFailed: they follow again.
    SignedIn = 240,          ///< Somebody; `way`: mail, command or openid.
    SignInRefused = 241,     ///< Too many attempts, or nobody whom users.csv knows.
    ProviderFailed = 242,    ///< The OpenID provider does not answer, or not as it should; `why`.
    SignInMailFailed = 243,  ///< A link could not be sent; `why`. `fristvakt login-link` helps.
    TokenMade = 250,         ///< An API token; `number`.
    TokenRevoked = 251,
    FeedMade = 252,  ///< A calendar to subscribe to; `number`.
    FeedRenewed = 253,
    FeedEnded = 254,
    BooksClosed = 300,  ///< The day's statement: the books, recounted, and the log's head.
    BooksOff = 301,     ///< Recounted, they are not what was kept: nothing can be trusted.
};

enum class LogLevel { Info, Warning, Error };

struct LogField {
    std::string_view key;
    std::string value;
};

void log(LogLevel level, LogEvent event, const std::vector<LogField>& fields);

/// Writes what the engine has made durable as log lines.
class LogReporter final : public EngineObserver {
 public:
    void committed(const workflows::Batch& batch) override;
};

}  // namespace fristvakt::daemon
