#pragma once

#include <concepts>

#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

// What ZeroCost may ask for (Abdelfattah et al. 2021; Mellor et al. 2021). The first two need no
// evaluator, in millions; what an evaluator does not know is a failed trial.
struct Parameters {
  static constexpr Measure measure = Measure::parameters;
};
struct Flops {
  static constexpr Measure measure = Measure::flops;
};
struct GradNorm {
  static constexpr Measure measure = Measure::grad_norm;
};
struct Snip {
  static constexpr Measure measure = Measure::snip;
};
struct SynFlow {
  static constexpr Measure measure = Measure::synflow;
};
struct JacobCov {
  static constexpr Measure measure = Measure::jacob_cov;
};
struct Naswot {
  static constexpr Measure measure = Measure::naswot;
};
struct L2Norm {
  static constexpr Measure measure = Measure::l2_norm;
};

/// A proxy is a type that says which `Measure` it is.
template <class P>
concept ProxyPolicy = requires {
  { P::measure } -> std::convertible_to<Measure>;
};

/// Judges candidates by a proxy of their accuracy, computed on one batch without training. The
/// score stands where the accuracy would: it orders candidates and is no percentage. Parameters
/// and FLOPs, which nearly tie with the proxies, are in the metrics beside it.
template <class Proxy>
struct ZeroCost {
  static_assert(ProxyPolicy<Proxy>,
                "nascent: ZeroCost needs a proxy such as Parameters, Flops, SynFlow or Naswot, or "
                "a struct with `static constexpr Measure measure` - docs/concepts.md#ranker");

  struct State {};

  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train.score(Proxy::measure);
    Judgement judgement(outcome);
    judgement.measure = Proxy::measure;
    co_return judgement;
  }

  template <class Field>
  void options(Field&& field) const {
    field("proxy", to_string(Proxy::measure));
  }
};

static_assert(RankerPolicy<ZeroCost<SynFlow>>);

}  // namespace nascent
