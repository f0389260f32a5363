namespace Sommelier.Statistics.Ranking;

/// <summary>Solves A x = b for a symmetric positive definite A, of which the lower triangle is given.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.</remarks>
internal static class Cholesky
{
    /// <summary>Overwrites the matrix (row by row) with its factor and b with the solution.</summary>
    public static void Solve(Span<double> matrix, Span<double> b, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var row = matrix.Slice(i * size, size);
            for (var j = 0; j <= i; j++)
            {
                var other = matrix.Slice(j * size, size);
                var sum = row[j];
                for (var k = 0; k < j; k++)
                {
                    sum -= row[k] * other[k];
                }

                row[j] = i == j ? Math.Sqrt(sum) : sum / other[j];
            }

            for (var k = 0; k < i; k++)
            {
                b[i] -= row[k] * b[k];
            }

            b[i] /= row[i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            b[i] /= matrix[(i * size) + i];
            for (var k = 0; k < i; k++)
            {
                b[k] -= matrix[(i * size) + k] * b[i];
            }
        }
    }
}
