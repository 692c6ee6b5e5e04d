// error: nascent: your Head needs `struct State
#include <nascent/train/head/head_policy.hpp>

using namespace nascent;

struct Mine {
#ifndef NASCENT_COMPILE_FAIL
  using State = NoHeadState;
  State start() const { return {}; }
#endif
  at::Tensor logits(NoHeadState&, const FaceBatch& batch, const at::Tensor&) const {
    return batch.embeddings;
  }
};

static_assert(detail::explain_head<Mine>());
