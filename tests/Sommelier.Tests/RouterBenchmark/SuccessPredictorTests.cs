using System.IO.Compression;
using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing.Prediction;

namespace Sommelier.Tests.RouterBenchmark;

public sealed class SuccessPredictorTests
{
    private static readonly OutcomeSet Own = OutcomeReader.Read(Path.Combine(Repository.Root, "tests", "Sommelier.Tests", "RouterBenchmark", "Fixture", "own.jsonl")).Single();

    private static readonly LabelledPrompt[] WithoutTasks = [.. Own.Rows.Select(r => r.Labelled with { Task = [] })];

    [Fact]
    public void The_text_alone_tells_which_model_answers_unseen_questions()
    {
        var trust = SuccessTrainer.ChooseTrust(WithoutTasks, Own.Models);
        var unseen = SuccessTrainer.PredictUnseen(WithoutTasks, Own.Models, trust);

        Assert.False(trust.IsNone);
        var right = Own.Rows.Select((row, i) => (row.Id[0] == 'h') == (unseen[i].Scores[1] > unseen[i].Scores[0])).Count(r => r);
        Assert.True(right >= Own.Rows.Count * 0.9, $"{right} of {Own.Rows.Count}");
    }

    [Fact]
    public void The_same_prompts_give_the_same_weights() =>
        Assert.Equal(SuccessTrainer.Train(WithoutTasks, Own.Models).Weights, SuccessTrainer.Train(WithoutTasks, Own.Models).Weights);

    [Fact]
    public void Written_and_read_it_predicts_the_same()
    {
        var predictor = SuccessTrainer.Train([.. Own.Rows.Select(r => r.Labelled)], Own.Models, new(10, 0.8));
        using var file = new MemoryStream();
        SuccessPredictorFile.Write(predictor, file);
        file.Position = 0;
        var read = SuccessPredictorFile.Read(file);

        double[] before = new double[3], after = new double[3];
        foreach (var row in Own.Rows)
        {
            predictor.Predict(row.Labelled.Features, row.Task, before);
            read.Predict(row.Labelled.Features, row.Task, after);
            Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 0.02));
        }

        Assert.Equal(predictor.Models, read.Models);
    }

    [Fact]
    public void A_damaged_file_is_told_as_one_and_never_read_as_numbers_that_are_none()
    {
        using var packed = new MemoryStream();
        SuccessPredictorFile.Write(SuccessTrainer.Train(WithoutTasks, Own.Models), packed);
        using var unpacked = new MemoryStream();
        packed.Position = sizeof(uint);
        using (var brotli = new BrotliStream(packed, CompressionMode.Decompress, leaveOpen: true))
        {
            brotli.CopyTo(unpacked);
        }

        var (magic, bytes) = (packed.ToArray()[..sizeof(uint)], unpacked.ToArray());
        var read = 0;
        for (var at = 0; at < Math.Min(bytes.Length, 400); at++)
        {
            foreach (var value in (ReadOnlySpan<byte>)[0x00, 0x7F, 0xFF])
            {
                var damaged = bytes.ToArray();
                damaged.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(value);
                using var file = new MemoryStream();
                file.Write(magic);
                using (var brotli = new BrotliStream(file, CompressionLevel.Fastest, leaveOpen: true))
                {
                    brotli.Write(damaged);
                }

                file.Position = 0;
                try
                {
                    var signals = new Sommelier.Routing.RequestSignals();
                    LearntDifficulty.Of(SuccessPredictorFile.Read(file), null).Apply(new() { Model = "auto", Tail = new("", Own.Rows[0].Prompt!, "", "") }, signals);
                    Assert.InRange(signals.Difficulty, 0, 1);
                    read++;
                }
                catch (Exception failure) when (failure is InvalidDataException or IOException)
                {
                    // Told at the start.
                }
            }
        }

        Assert.InRange(read, 1, 1_199);
    }

    [Fact]
    public void Difficulty_is_the_failure_of_the_weak_model_that_is_named_or_failed_most()
    {
        var predictor = SuccessTrainer.Train(WithoutTasks, Own.Models);
        var small = LearntDifficulty.Of(predictor, "small");
        double[] right = [.. Enumerable.Range(0, 3).Select(k => Own.Rows.Average(row => row.Scores[k]))];
        Assert.Equal(Own.Models[Array.IndexOf(right, right.Min())], LearntDifficulty.Of(predictor, null).Model);
        Assert.Contains("small, large, middle", Assert.Throws<InvalidDataException>(() => LearntDifficulty.Of(predictor, "huge")).Message, StringComparison.Ordinal);

        var hard = Own.Rows.Where(row => row.Id[0] == 'h').Average(row => Of(row.Prompt!));
        var easy = Own.Rows.Where(row => row.Id[0] == 'e').Average(row => Of(row.Prompt!));
        Assert.True(hard > easy + 0.4, $"{hard} {easy}");

        double Of(string prompt)
        {
            var signals = new Sommelier.Routing.RequestSignals();
            small.Apply(new() { Model = "auto", Tail = new("", prompt, "", "") }, signals);
            return signals.Difficulty;
        }
    }

    [Fact]
    public void A_file_that_is_none_is_refused() =>
        Assert.Throws<InvalidDataException>(() => SuccessPredictorFile.Read(new MemoryStream([1, 2, 3, 4, 5])));

    [Fact]
    public void Task_means_by_hand()
    {
        LabelledPrompt[] prompts =
        [
            new(PromptFeatures.None, ["x"], [1, 0], 1), new(PromptFeatures.None, ["x"], [1, 0], 2),
            new(PromptFeatures.None, ["y"], [0, 1], 3), new(PromptFeatures.None, ["y"], [0, double.NaN], 4),
        ];

        var table = TaskTable.Of(prompts, 2);

        // All: (2 x 0.5 + 2) / (2 + 4) and (1 + 1) / (2 + 3). Task x: (10 x 0.5 + 2) / 12 and 10 x 0.4 / 12.
        Assert.Equal([0.5, 0.4], table.All.Means.Select(m => Math.Round(m, 9)));
        Assert.Equal([7 / 12.0, 4 / 12.0], table.Find(["x"]).Means, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(table.All.Means, table.Find(["z"]).Means);
    }

    [Fact]
    public void A_model_is_displaced_only_by_more_than_the_margin()
    {
        var margins = new DisplacementMargins(0.05, 0.1);

        Assert.Equal(0, margins.First([0.5, 0.55, 0.5], [0.5, 0.54, 0.4], [0.6, 0.5, 0.4]));
        Assert.Equal(1, margins.First([0.5, 0.55, 0.5], [0.5, 0.56, 0.4], [0.6, 0.5, 0.4]));
        Assert.Equal(2, margins.First([0.5, 0.55, 0.7], [0.5, 0.56, 0.4], [0.6, 0.5, 0.4]));
    }
}
