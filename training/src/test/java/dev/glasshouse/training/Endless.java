package dev.glasshouse.training;

import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A training in a JVM that will be killed. Arguments: data, run, threads, and "silent" for no samples and no film. Prints "checkpoint N" when one is acknowledged. */
final class Endless {
    private Endless() {}

    public static void main(String[] arguments) {
        Path run = Path.of(arguments[1]);
        try (DataSet data = DataSet.open(Path.of(arguments[0]))) {
            TrainingConfig config = TrainerTest.config(data.vocabulary());
            if (arguments.length > 3) {
                config = TrainerTest.silent(config);
            }
            TrainingResult result = Trainer.builder(config, data, run)
                    .info(ModelInfo.named("Seedling"))
                    .threads(Integer.parseInt(arguments[2]))
                    .resume(Files.exists(run.resolve("run.json")))
                    .listener(new TrainingListener() {
                        @Override
                        public void checkpoint(long step, Path folder) {
                            System.out.println("checkpoint " + step);
                            System.out.flush();
                        }

                        @Override
                        public void step(TrainingLog.Step step, Pace pace) {
                            System.out.println("step " + step.step());
                            System.out.flush();
                        }
                    })
                    .build()
                    .run();
            System.out.println("weights " + result.weights());
        } catch (GlassException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }
}
