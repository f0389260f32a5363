namespace Sommelier.Routing.Prediction;

/// <summary>What the wider mean should be worth: the spread of answers inside a task over that between tasks.</summary>
/// <remarks>
/// Analysis of variance with one factor, on what a model scores beyond the mean of the models at the same prompt, since only
/// differences between models route; variances are summed over the models. Tasks that do not differ give the most.
/// </remarks>
internal static class TaskMass
{
    public static double Estimate(IReadOnlyCollection<IGrouping<string, LabelledPrompt>> tasks, int models, double least, double most)
    {
        double inside = 0, between = 0, squares = 0;
        var count = 0;
        var all = new double[models];
        List<(int Count, double[] Sums)> sums = [];
        foreach (var task in tasks)
        {
            var sum = new double[models];
            var n = 0;
            foreach (var prompt in task)
            {
                if (!Array.Exists(prompt.Scores, double.IsNaN))
                {
                    var mean = prompt.Scores.Average();
                    for (var k = 0; k < models; k++)
                    {
                        var beyond = prompt.Scores[k] - mean;
                        sum[k] += beyond;
                        all[k] += beyond;
                        inside += beyond * beyond;
                    }

                    n++;
                }
            }

            if (n > 0)
            {
                sums.Add((n, sum));
                inside -= sum.Sum(s => s * s) / n;
                squares += (double)n * n;
                count += n;
            }
        }

        if (sums.Count < 2 || count <= sums.Count)
        {
            return most;
        }

        foreach (var (n, sum) in sums)
        {
            for (var k = 0; k < models; k++)
            {
                var apart = (sum[k] / n) - (all[k] / count);
                between += n * apart * apart;
            }
        }

        var insideVariance = inside / (count - sums.Count);
        var usualCount = (count - (squares / count)) / (sums.Count - 1);
        var betweenVariance = ((between / (sums.Count - 1)) - insideVariance) / usualCount;
        return betweenVariance <= 0 ? most : Math.Clamp(insideVariance / betweenVariance, least, most);
    }
}
