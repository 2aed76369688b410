package dev.perennial.method.distill;

import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.method.MethodContext;
import dev.perennial.stream.Experience;
import java.util.Optional;

/** Where the images come from on which a student is held to its teacher. */
public interface ReferenceImages extends AutoCloseable {
    /** Returns the images to use during an experience, which stay this source's to close; none if there are none yet. */
    Optional<Dataset> of(Experience experience);

    /** Tells whether all experiences have the same images. */
    boolean areFixed();

    @Override
    default void close() {}

    /** Returns the images that are learned, as in LwF. */
    static ReferenceImages ofExperience() {
        return new ReferenceImages() {
            @Override
            public Optional<Dataset> of(Experience experience) {
                return Optional.of(experience.train());
            }

            @Override
            public boolean areFixed() {
                return false;
            }
        };
    }

    /** Returns a pool of images of its own, as in ZSCL; their labels play no part. */
    static ReferenceImages ofDataset(DatasetSpec spec, MethodContext.DataAccess data) {
        return new Pool(spec, data);
    }

    /** A data set that is opened when it is first asked for. */
    final class Pool implements ReferenceImages {
        private final DatasetSpec spec;
        private final MethodContext.DataAccess data;
        private Optional<Dataset> opened = Optional.empty();

        private Pool(DatasetSpec spec, MethodContext.DataAccess data) {
            this.spec = spec;
            this.data = data;
        }

        @Override
        public Optional<Dataset> of(Experience experience) {
            if (opened.isEmpty()) {
                opened = Optional.of(data.open(spec));
            }
            return opened;
        }

        @Override
        public boolean areFixed() {
            return true;
        }

        @Override
        public void close() {
            opened.ifPresent(Dataset::close);
            opened = Optional.empty();
        }
    }
}
