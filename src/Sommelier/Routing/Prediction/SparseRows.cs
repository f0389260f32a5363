namespace Sommelier.Routing.Prediction;

/// <summary>A matrix by its rows, of which only what is not zero is kept.</summary>
/// <param name="Starts">Where each row starts; one more than there are rows.</param>
/// <param name="Columns">The columns, row after row.</param>
/// <param name="Values">The values beside them.</param>
/// <param name="Width">How many columns there are.</param>
internal sealed record SparseRows(int[] Starts, int[] Columns, float[] Values, int Width)
{
    public int Count => Starts.Length - 1;

    public ReadOnlySpan<int> ColumnsOf(int row) => Columns.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);
}
