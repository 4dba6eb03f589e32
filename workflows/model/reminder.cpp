#include "workflows/model/reminder.hpp"

#include <string_view>

#include "workflows/assert.hpp"

namespace fristvakt::workflows {

std::string_view to_string(Account account) {
    switch (account) {
        case Account::Waiting:
            return "waiting";
        case Account::Sent:
            return "sent";
        case Account::Held:
            return "held";
        case Account::Suppressed:
            return "suppressed";
        case Account::Superseded:
            return "superseded";
        case Account::Failed:
            return "failed";
    }
    fail_assert("an account without a name", __FILE__, __LINE__);
}

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::None:
            return "";
        case Reason::Due:
            return "due";
        case Reason::OpenedLate:
            return "opened late";
        case Reason::CaseMovedOn:
            return "case moved on";
        case Reason::DeadlineMoved:
            return "deadline moved";
        case Reason::DeadlinePassed:
            return "deadline passed";
        case Reason::LaterStep:
            return "later step";
        case Reason::NotWaiting:
            return "case was not waiting for the recipient";
        case Reason::BeforeOpening:
            return "before the case opened";
        case Reason::BeforeVersion:
            return "before the deadline began to count";
        case Reason::RecipientChanged:
            return "recipient changed";
        case Reason::Paused:
            return "paused";
        case Reason::NotAllowed:
            return "not on the allowlist";
        case Reason::Brake:
            return "brake";
        case Reason::SendingOnHold:
            return "sending is on hold";
        case Reason::DeadlineHadPassed:
            return "opened after its deadline";
        case Reason::Refused:
            return "refused by the recipient's server";
        case Reason::NoRecipient:
            return "no recipient";
        case Reason::StepRemoved:
            return "step removed from the ladder";
        case Reason::Accepted:
            return "accepted by the transport";
        case Reason::Uncertain:
            return "outcome unknown";
        case Reason::Withdrawn:
            return "withdrawn";
        case Reason::StateUnknown:
            return "state unknown";
        case Reason::BadAddress:
            return "bad address";
        case Reason::SentBefore:
            return "sent before the restore";
        case Reason::Stopped:
            return "stopped by hand";
        case Reason::TakenBack:
            return "undone";
        case Reason::NothingToSay:
            return "nothing to say";
    }
    fail_assert("a reason without a name", __FILE__, __LINE__);
}

void Books::post(Account account, std::int64_t amount) {
    switch (account) {
        case Account::Waiting:
            waiting += amount;
            return;
        case Account::Sent:
            sent += amount;
            return;
        case Account::Held:
            held += amount;
            return;
        case Account::Suppressed:
            suppressed += amount;
            return;
        case Account::Superseded:
            superseded += amount;
            return;
        case Account::Failed:
            failed += amount;
            return;
    }
    fail_assert("an account without a name", __FILE__, __LINE__);
}

}  // namespace fristvakt::workflows
