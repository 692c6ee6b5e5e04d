// Verifies pairs of faces with the network that search_faces found: the protocol of LFW.
//
//   verify --pairs pairs.txt --images lfw.tar --model runs/faces
//   verify --pairs lfw.bin --model runs/faces
//
// Pairs are in the form of LFW's pairs.txt, with images NAME/NAME_0001.jpg in a folder or a tar
// archive, or an InsightFace file, which holds its images. Embeddings are those of an image and its
// mirror image, fused. docs/faces.md says what the numbers mean.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <nascent/face/read_pair_faces.hpp>
#include <nascent/train/intra_op_threads.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../program.hpp"
#include "face_model.hpp"
#include "reports.hpp"

namespace {

using namespace nascent;

struct Arguments {
  std::string pairs, images, model, points, rule = "at_most", device = "auto";
  std::vector<double> far{0.1, 0.01, 0.001};
  int threads = 1;
  bool json = false;
};

PairFaces read_faces(const Arguments& a, Shape shape) {
  if (std::filesystem::path(a.pairs).extension() == ".bin")
    return faces_of_pair_bin(read_pair_bin(a.pairs), a.pairs, shape);
  if (a.images.empty())
    throw std::invalid_argument(a.pairs +
                                " holds no images; name the folder or tar archive that does by "
                                "--images");
  IdentityOptions options{shape.height, shape.width, shape.channels, {}, {}};
  if (!a.points.empty()) options.landmarks = read_landmarks(a.points);
  return read_pair_faces(read_pairs(a.pairs), a.images, options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Verifies pairs of faces with a network that search_faces found."};
  Arguments a;
  app.add_option("--pairs", a.pairs, "pairs in LFW's form, or an InsightFace .bin file")
      ->required();
  app.add_option("--images", a.images, "folder or tar archive of NAME/NAME_0001.jpg (.png, .pgm)");
  app.add_option("--model", a.model, "run directory of search_faces, or its model.safetensors")
      ->required();
  app.add_option("--points", a.points, "table of path,x1,y1,...,x5,y5, to align the faces by");
  app.add_option("--far", a.far, "false accept rates of the TARs; may be repeated")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--rule", a.rule, "which threshold stands for such a rate")
      ->check(CLI::IsMember({"at_most", "nearest", "threshold_on_a_negative"}))
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--threads", a.threads, "within one operation")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    const IntraOpThreads threads(a.threads);
    FaceModel model(a.model, Device(a.device));
    const PairFaces faces = read_faces(a, model.description().problem.image);
    const Json report =
        pair_report(model.embed(faces.images), faces.pairs, faces.folds, a.far, a.rule);
    if (a.json)
      std::printf("%s\n", report.dump(2).c_str());
    else
      print_pair_report(report);
    return 0;
  });
}
