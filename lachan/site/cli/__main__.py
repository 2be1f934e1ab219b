from lachan.site.cli import main

main(prog_name="lachan")
