#include "daemon/delivery/direct_mail.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/access/form_token.hpp"
#include "integrations/mail/mime.hpp"

namespace fristvakt::daemon {

using workflows::Envelope;
using workflows::Result;

Result<Envelope> envelope_of(const DirectMail& mail, const std::string& unique) {
    const auto& installation = mail.definitions->installation;
    const std::string& from = installation.mail.from;
    workflows::MessageSnapshot snapshot;
    snapshot.message_id = "direct." + unique + from.substr(std::min(from.find('@'), from.size()));
    snapshot.kind = workflows::NoticeKind::Answer;
    snapshot.language = mail.language;
    snapshot.at = mail.at;
    snapshot.to = mail.to;
    workflows::Definitions frame;
    frame.installation = installation;
    frame.installation.sending = workflows::SendingMode::Live;
    frame.zone = mail.definitions->zone;
    auto bytes = integrations::to_mime(snapshot, mail.rendered, frame);
    if (!bytes.ok()) {
        return bytes.error();
    }
    return Envelope{.message_id = snapshot.message_id,
                    .from = from,
                    .to = {mail.to.address},
                    .bytes = std::move(bytes).value(),
                    .at = mail.at};
}

DirectMailer::DirectMailer(OpenChannel open_channel, Failed failed)
    : open_channel_(std::move(open_channel)),
      failed_(std::move(failed)),
      thread_([this] { work(); }) {}

DirectMailer::~DirectMailer() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool DirectMailer::send(DirectMail mail) {
    constexpr std::size_t kWaitingMax = 200;
    {
        const std::scoped_lock lock{mutex_};
        if (waiting_.size() >= kWaitingMax) {
            return false;
        }
        waiting_.push_back(std::move(mail));
    }
    changed_.notify_all();
    return true;
}

void DirectMailer::work() {
    while (true) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) {
            return;
        }
        const DirectMail mail = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        deliver(mail);
    }
}

bool DirectMailer::pause(std::chrono::seconds length) {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, length, [this] { return stopping_; });
}

void DirectMailer::deliver(const DirectMail& mail) {
    using std::chrono::seconds;
    auto envelope = envelope_of(mail, random_token().substr(0, 20));
    if (!envelope.ok()) {
        return failed_(envelope.error().message);
    }
    Envelope ready = std::move(envelope).value();
    const auto channel = open_channel_(*mail.definitions);
    workflows::DeliveryReport report;
    for (const seconds wait : {seconds{0}, seconds{3}, seconds{10}, seconds{45}}) {
        if (wait > seconds{0} && !pause(wait)) {
            return;
        }
        report = channel->send(ready);
        if (report.verdict == workflows::Verdict::Delivered) {
            return;
        }
        if (report.verdict == workflows::Verdict::Refused || report.uncertain) {
            break;
        }
        ++ready.attempt;
    }
    failed_(report.reply);
}

}  // namespace fristvakt::daemon
