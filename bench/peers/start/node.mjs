process.stdout.write("done 0\n");
