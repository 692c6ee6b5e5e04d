#pragma once

#include "nascent/search/monitor.hpp"

namespace nascent::detail {

/// Epochs that a trial trains anew for others, or for its own earlier parts, are nobody's news.
class OwnEpochs final : public Monitor {
 public:
  OwnEpochs(Monitor& monitor, int others) : monitor_(monitor), others_(others) {}

  void on_epoch(const EpochReport& report) override {
    if (report.epoch > others_) monitor_.on_epoch(report);
  }
  bool cancelled() override { return monitor_.cancelled(); }

 private:
  Monitor& monitor_;
  int others_;
};

}  // namespace nascent::detail
