using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace TrafficDispatch.Docs.Tests.Samples;

/// <summary>A sample that answers lines with lines: a program in Python or Node, or the one in C#, which runs in this process.</summary>
internal sealed class SampleProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TextWriter _questions;
    private readonly TextReader _answers;
    private readonly Func<ValueTask> _end;

    private SampleProgram(TextWriter questions, TextReader answers, Func<ValueTask> end) => (_questions, _answers, _end) = (questions, answers, end);

    /// <summary>The decision of a GSLB in a language.</summary>
    /// <param name="language">csharp, python or node.</param>
    /// <param name="address">HOST:PORT.</param>
    /// <param name="keepSeconds">How long it keeps an answer at most.</param>
    public static async Task<SampleProgram> GslbAsync(string language, string address, int keepSeconds)
    {
        // As long as a starved machine may need for the first call.
        const string Deadline = "60";
        string keep = keepSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture), samples = Path.Combine(ForeignTool.Root, "docs", "samples");
        return language switch
        {
            "csharp" => InProcess((questions, answers) => global::Samples.Gslb.RunAsync([address, Deadline, keep], questions, answers)),
            "python" => Start("/usr/bin/python3", ("PYTHONPATH", await PythonMessages.Folder), "-B", Path.Combine(samples, "gslb-python", "gslb.py"), address, "--deadline", Deadline, "--keep", keep),
            _ => Start("node", ("NODE_PATH", NodeModules), Path.Combine(samples, "gslb-node", "gslb.js"), address, Deadline, keep),
        };
    }

    /// <summary>Where tests/tools/install.sh puts the packages that the sample's package.json names.</summary>
    public static string NodeModules => Path.Combine(ForeignTool.Root, "tests", "interop", "node", "node_modules");

    /// <summary>Starts a program; what it writes to standard error is lost with it, but for what a failed test shows.</summary>
    public static SampleProgram Start(string program, (string Name, string Value) variable, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[variable.Name] = variable.Value;
        Process process = Process.Start(start)!;
        return new(process.StandardInput, process.StandardOutput, async () =>
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        });
    }

    /// <summary>Says one line and waits for one.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _questions.WriteLineAsync(line);
        await _questions.FlushAsync();
        return await NextAsync();
    }

    /// <summary>The next line that it writes.</summary>
    public async Task<string> NextAsync() => await _answers.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The sample ended.");

    public async ValueTask DisposeAsync()
    {
        await _end();
        // Nothing is left in it to be written.
        if (_questions is StreamWriter { BaseStream.CanWrite: true }) await _questions.DisposeAsync();
        _answers.Dispose();
    }

    private static SampleProgram InProcess(Func<TextReader, TextWriter, Task<int>> run)
    {
        Pipe questions = new(), answers = new();
        StreamWriter asks = Plain(questions.Writer), said = Plain(answers.Writer);
        StreamReader heard = new(questions.Reader.AsStream());
        Task<int> running = Task.Run(async () =>
        {
            try
            {
                return await run(heard, said);
            }
            finally
            {
                await answers.Writer.CompleteAsync();
            }
        });
        return new(asks, new StreamReader(answers.Reader.AsStream()), async () =>
        {
            // The end of its input is the end of the sample.
            await questions.Writer.CompleteAsync();
            Assert.Equal(0, await running.WaitAsync(Patience));
            heard.Dispose();
        });

        static StreamWriter Plain(PipeWriter pipe) => new(pipe.AsStream(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }
}
