package dev.perennial;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;

/** The rooms, and what each must not know. */
@AnalyzeClasses(packages = "dev.perennial", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CLIP = "dev.perennial.clip..";
    private static final String[] APPLICATION = {
        "dev.perennial.cli..",
        "dev.perennial.report..",
        "dev.perennial.bundle..",
        "dev.perennial.index..",
        "dev.perennial.server.."
    };
    private static final String[] CONTINUAL = {
        "dev.perennial.data..",
        "dev.perennial.stream..",
        "dev.perennial.method..",
        "dev.perennial.train..",
        "dev.perennial.evaluate..",
        "dev.perennial.pretrain..",
        "dev.perennial.run..",
        "dev.perennial.bench.."
    };
    private static final String ENGINE = "org.bytedeco..";

    @ArchTest
    static final ArchRule clipIsUsableAlone = noClasses()
            .that()
            .resideInAPackage(CLIP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONTINUAL);

    @ArchTest
    static final ArchRule nothingBelowKnowsTheApplication = noClasses()
            .that()
            .resideOutsideOfPackages(APPLICATION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(APPLICATION);

    @ArchTest
    static final ArchRule roomsWithoutTensors = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.perennial.clip.text..",
                    "dev.perennial.clip.image..",
                    "dev.perennial.clip.checkpoint..",
                    "dev.perennial.clip.config..",
                    "dev.perennial.data..",
                    "dev.perennial.stream..",
                    "dev.perennial.evaluate.metric..",
                    "dev.perennial.bench..",
                    "dev.perennial.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ENGINE);

    @ArchTest
    static final ArchRule configurationDependsOnNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("dev.perennial.clip.config..")
            .should()
            .dependOnClassesThat(inOurRoomsOtherThan("dev.perennial.clip.config"));

    @ArchTest
    static final ArchRule tokenizerAndImagesDependOnNothingOfOurs = noClasses()
            .that()
            .resideInAnyPackage("dev.perennial.clip.text..", "dev.perennial.clip.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.perennial.clip",
                    "dev.perennial.clip.tower..",
                    "dev.perennial.clip.loss..",
                    "dev.perennial.clip.checkpoint..");

    @ArchTest
    static final ArchRule towersDoNotKnowCheckpoints = noClasses()
            .that()
            .resideInAPackage("dev.perennial.clip.tower..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.perennial.clip.checkpoint..", "dev.perennial.clip");

    @ArchTest
    static final ArchRule checkpointsDoNotKnowTowers = noClasses()
            .that()
            .resideInAPackage("dev.perennial.clip.checkpoint..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.perennial.clip.tower..", "dev.perennial.clip");

    @ArchTest
    static final ArchRule methodsKnowNeitherTheLoopNorTheJudge = noClasses()
            .that()
            .resideInAPackage("dev.perennial.method..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.perennial.train..",
                    "dev.perennial.evaluate..",
                    "dev.perennial.pretrain..",
                    "dev.perennial.run..",
                    "dev.perennial.bench..");

    @ArchTest
    static final ArchRule sharedPiecesOfMethodsKnowNoFamily = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.perennial.method",
                    "dev.perennial.method.tune..",
                    "dev.perennial.method.module..",
                    "dev.perennial.method.vocabulary..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.perennial.method.*..")
                    .and(not(resideInAnyPackage(
                            "dev.perennial.method.tune..",
                            "dev.perennial.method.module..",
                            "dev.perennial.method.vocabulary.."))));

    @ArchTest
    static final ArchRule familiesOfMethodsHaveNoCycles =
            slices().matching("dev.perennial.method.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyMethodsKnowTheirFamilies = noClasses()
            .that()
            .resideOutsideOfPackage("dev.perennial.method..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.perennial.method.*..");

    @ArchTest
    static final ArchRule dataAndStreamsDoNotKnowWhatLearnsFromThem = noClasses()
            .that()
            .resideInAnyPackage("dev.perennial.data..", "dev.perennial.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.perennial.method..",
                    "dev.perennial.train..",
                    "dev.perennial.evaluate..",
                    "dev.perennial.pretrain..",
                    "dev.perennial.run..");

    @ArchTest
    static final ArchRule onlyTheApplicationKnowsTheBenchmark = noClasses()
            .that()
            .resideInAnyPackage(CONTINUAL)
            .and()
            .resideOutsideOfPackage("dev.perennial.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.perennial.bench..");

    @ArchTest
    static final ArchRule metricsArePureFunctions = noClasses()
            .that()
            .resideInAPackage("dev.perennial.evaluate.metric..")
            .should()
            .dependOnClassesThat(inOurRoomsOtherThan("dev.perennial.evaluate.metric"));

    @ArchTest
    static final ArchRule onlyTheirOwnRoomKnowsTheRuntimeOfTeachers = noClasses()
            .that()
            .resideOutsideOfPackage("dev.perennial.teacher.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnxruntime..", "dev.langchain4j..");

    @ArchTest
    static final ArchRule nothingIsDeserialised =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("dev.perennial.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfClipHaveNoCycles =
            slices().matching("dev.perennial.clip.(*)..").should().beFreeOfCycles();

    private static DescribedPredicate<JavaClass> inOurRoomsOtherThan(String room) {
        return resideInAPackage("dev.perennial..").and(not(resideInAPackage(room + "..")));
    }
}
