// What the examples of this folder share: one program, as those of the folder above.
#pragma once

#include <cstdio>
#include <nascent/nascent.hpp>

using Plain = nascent::Recipe<nascent::Sgd, nascent::Cosine, nascent::Augment<>>;

/// Images that anything learns: those of one class are dark, those of the other bright.
inline nascent::HoldOut dark_and_bright() {
  nascent::Dataset data;
  data.name = "dark and bright";
  for (nascent::ImageSet* images : {&data.train, &data.test}) {
    *images = {{1, 12, 12}, 2, {}, {}};
    for (int i = 0; i < 200; ++i)
      images->append(std::vector<std::uint8_t>(144, i % 2 == 0 ? 50 : 200), i % 2);
  }
  data.mean = data.deviation = {0.5};
  return data.hold_out({.images = 40});
}

void show_face_evaluator();
void show_heads();
void show_losses();
void show_optimisers();
void show_supernet_evaluator();
void show_torch_evaluator();
