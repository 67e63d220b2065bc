package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One product of a call: rows {@code first … first + count − 1} of x and y meet one weight. */
final class Job {
    private VectorWeight weight;
    private Matrix y;
    private int first;
    private int count;
    private int end;

    private Job(VectorWeight weight, Matrix y) {
        this.weight = weight;
        this.y = y;
    }

    VectorWeight weight() {
        return weight;
    }

    Matrix y() {
        return y;
    }

    int first() {
        return first;
    }

    int count() {
        return count;
    }

    /** The jobs of one call, kept from call to call so that none allocates; their groups have one common count. */
    static final class Queue {
        private static final Matrix NOTHING = new Matrix(MemorySegment.NULL, 0, 0);
        private final List<Job> jobs = new ArrayList<>();
        private int size;
        private Matrix x = NOTHING;

        void clear(Matrix input) {
            size = 0;
            x = input;
        }

        void add(VectorWeight weight, Matrix y, int first, int count) {
            if (size == jobs.size()) {
                jobs.add(new Job(weight, y));
            }
            Job job = jobs.get(size++);
            job.weight = weight;
            job.y = y;
            job.first = first;
            job.count = count;
        }

        Matrix x() {
            return x;
        }

        int jobs() {
            return size;
        }

        Job job(int index) {
            return jobs.get(index);
        }

        /** Numbers the work: each job's groups, {@code together} at a time. Returns how many units there are. */
        int number(int together) {
            int units = 0;
            for (int j = 0; j < size; j++) {
                Job job = jobs.get(j);
                units = Math.addExact(units, (job.weight.groups() + together - 1) / together);
                job.end = units;
            }
            return units;
        }

        /** The job that unit {@code unit} belongs to. */
        int jobOf(int unit) {
            int j = 0;
            while (jobs.get(j).end <= unit) {
                j++;
            }
            return j;
        }

        /** The first unit of a job. */
        int start(int index) {
            return index == 0 ? 0 : jobs.get(index - 1).end;
        }

        /** One past the last unit of a job. */
        int end(int index) {
            return jobs.get(index).end;
        }
    }
}
